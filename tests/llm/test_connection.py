"""How a model's server is reached: certificates, proxies, and redirects that are not followed."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from fixer.errors import ModelError
from fixer.schema.settings import ModelSettings
from tests.llm import openai_scenes as scenes
from tests.llm.asking import Seat, openai_settings, sit
from tests.llm.model_server import Asked, ModelServer, Wire


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate of the server")
def test_a_certificate_that_nobody_vouches_for_is_said_to_be_one(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    subprocess.run(
        [*make, "-subj", "/CN=localhost", "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with ModelServer(scenes.OK) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        url = server.url.replace("http://", "https://")
        with pytest.raises(ModelError, match="CERTIFICATE_VERIFY_FAILED") as caught:
            sit(ModelSettings(kind="openai_compatible", base_url=url, name="m"), Seat.ask)
    assert "SSL_CERT_FILE" in caught.value.hint


def test_a_server_on_this_machine_is_asked_without_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with ModelServer(scenes.OK) as server:
        turn, _ = sit(openai_settings(server), Seat.ask)
    assert turn.text == "It is done."


def test_any_other_server_is_asked_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(scenes.OK) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        url = "http://models.example.com/v1"
        settings = ModelSettings(kind="openai_compatible", base_url=url, name="m", input_price=0, output_price=0)
        turn, _ = sit(settings, Seat.ask)
    assert turn.text == "It is done."
    assert proxy.asked[0].path == f"{url}/chat/completions"


def test_a_redirect_is_not_followed() -> None:
    with ModelServer(scenes.OK) as other:

        def elsewhere(_: Asked, wire: Wire) -> None:
            wire.body(b"", 307, {"Location": f"{other.url}/v1/chat/completions"})

        with ModelServer(elsewhere) as server, pytest.raises(ModelError, match="answered 307") as caught:
            sit(openai_settings(server, api_key_env="K"), Seat.ask, env={"K": "secret"})
        assert not other.asked
    assert "model.base_url" in caught.value.hint
