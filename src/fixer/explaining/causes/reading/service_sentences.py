"""What is said where a server, or what it was sent, stopped a step: not reached, refused, limited, bad data."""

from fixer import lazy_re as re
from fixer.explaining.causes.reading.build_facts import Facts
from fixer.explaining.causes.reading.code_sentences import Sentence
from fixer.explaining.causes.reading.servers import server_in, url_in


def of_network(facts: Facts) -> Sentence:
    """Return which server could not be reached or used."""
    name, url = server_in(facts.text) or server_in(url_in(facts.action)), url_in(facts.text) or url_in(facts.action)
    code = re.search(r"\b(?:status(?: code)?|HTTP\S*|error:|responded with)\W{0,3}([45]\d\d)\b", facts.text)
    if code and code[1] == "404":
        return Sentence(
            f"asked {name or 'a server'} for something that is not there (404)",
            f"Correct the address that {facts.where} fetches" + (f" from {name}" if name else ""),
            f"curl -I {url or name}" if url or name else f"look at the address that {facts.where} fetches",
        )
    if not name:
        return Sentence(
            f"could not reach a server: {facts.said}",
            f"Run {facts.where} again; where it stays, check the machine's way to the network",
            f"run {facts.where} again",
            quotes=True,
        )
    answered = f", which answered {code[1]}" if code else ""
    return Sentence(
        f"could not {'use' if code else 'reach'} {name}{answered}",
        f"Run {facts.where} again; where it stays, check that {name} runs and can be reached from the machine",
        f"curl -v {name}",
    )


def of_refusal(facts: Facts) -> Sentence:
    """Return who refused, and which credential is to be looked at."""
    names = facts.names
    if not names:
        return Sentence(
            f"was refused: {facts.said}",
            f"Give {facts.where} a credential that is valid and may do this",
            f"look at the secrets and permissions that {facts.where} uses",
            quotes=True,
        )
    name = names[0]
    if re.fullmatch(r"[A-Z][A-Z0-9_]+", name):
        return Sentence(
            f"was refused: the credential in {name} is missing, wrong or has expired",
            f"Renew {name}, and hand it to {facts.where}",
            f"set the secret {name} in the settings of the project",
        )
    server = server_in(facts.text)
    at = f" at {server}" if server and server not in name else ""
    return Sentence(
        f"was refused access ({name}{at}): the credential is missing, wrong, has expired, or may not do this",
        f"Renew the credential that {facts.where} uses for {name}, or give it the right",
        f"look at the secrets that {facts.where} uses for {name}",
    )


def of_limit(facts: Facts) -> Sentence:
    """Return whose limit was met."""
    name = server_in(facts.text)
    return Sentence(
        f"met a limit of {name}" if name else f"met a limit: {facts.said}",
        f"Wait, then run {facts.where} again; sign in, or ask {name or 'less'} seldom enough",
        f"run {facts.where} again later",
        quotes=not name,
    )


def of_data(facts: Facts) -> Sentence:
    """Return which data is not right, and where it went or came from."""
    server = server_in(facts.text)
    code = re.search(r"\b(400|409|422) (?:Bad Request|Conflict|Unprocessable)|\((409|422|400)\)", facts.text)
    if code and server:
        number = code[1] or code[2]
        return Sentence(
            f"sent something that {server} refused ({number})",
            f"Correct what {facts.where} sends to {server}: a version or name that exists already, or fields it "
            f"does not take",
            f"read the whole answer of {server}: run {facts.where} with its verbose option",
        )
    if facts.place:
        return Sentence(
            f"was given data that is not right: {facts.place}{f': {facts.said}' if facts.said else ''}",
            f"Correct {facts.place}, which {facts.where} reads",
            f"open {facts.place}",
            quotes=True,
        )
    return Sentence(
        f"was given data that is not right: {facts.said}",
        f"Correct what {facts.where} was given: {facts.said}",
        f"look at the input of {facts.where}",
        quotes=True,
    )
