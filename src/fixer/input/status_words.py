"""The word that a record has for how something ended comes in, in any of a dozen languages; the status goes out."""

# ruff: noqa: RUF001 - words of other alphabets

import re
import unicodedata
from collections.abc import Mapping

from fixer.schema.execution_record import RecordStatus

WORDS: Mapping[RecordStatus, tuple[str, ...]] = {
    RecordStatus.COMPLETED: (
        *("completed", "complete", "success", "succeeded", "successful", "passed", "done", "ok", "finished", "green"),
        *("erfolgreich", "abgeschlossen", "erledigt", "réussi", "réussie", "succès", "terminé", "terminée"),
        *("éxito", "exitoso", "exitosa", "completado", "completada", "sucesso", "concluído", "concluída"),
        *("riuscito", "riuscita", "completato", "completata", "geslaagd", "voltooid", "sukces", "zakończono"),
        *("başarılı", "tamamlandı", "успешно", "завершено", "成功", "完了", "完成", "성공", "완료"),
    ),
    RecordStatus.FAILED: (
        *("failed", "failure", "fail", "error", "errored", "crashed", "timedout", "timeout", "unsuccessful", "broken"),
        *("partial", "partialfailure", "partiallyfailed", "completedwitherrors", "rejected", "exception", "red", "nok"),
        *("fehler", "fehlgeschlagen", "gescheitert", "échec", "échoué", "échouée", "erreur", "enéchec", "enerreur"),
        *("fallido", "fallida", "falló", "fallo", "conerrores", "falha", "falhou", "erro", "comerro"),
        *("fallito", "fallita", "errore", "inerrore", "mislukt", "fout", "błąd", "nieudane", "niepowodzenie"),
        *(
            "başarısız",
            "hata",
            "ошибка",
            "неудача",
            "сбой",
            "失敗",
            "失败",
            "エラー",
            "错误",
            "異常終了",
            "실패",
            "오류",
        ),
    ),
    RecordStatus.RUNNING: (
        *("running", "inprogress", "pending", "queued", "waiting", "started", "scheduled", "active", "processing"),
        *("läuft", "inbearbeitung", "encours", "enproceso", "encurso", "emandamento", "incorso", "実行中", "进行中"),
    ),
    RecordStatus.SKIPPED: (
        *("skipped", "notrun", "ignored", "übersprungen", "ignoré", "ignorée", "sauté", "omitido", "omitida"),
        *("ignorado", "ignorada", "saltato", "saltata", "overgeslagen", "pominięto", "スキップ", "跳过", "건너뜀"),
    ),
    RecordStatus.CANCELLED: (
        *("cancelled", "canceled", "aborted", "stopped", "killed", "terminated", "halted", "held", "onhold", "paused"),
        *("suspended", "blocked", "interrupted", "abgebrochen", "angehalten", "annulé", "annulée", "interrompu"),
        *("cancelado", "cancelada", "detenido", "interrompido", "annullato", "interrotto", "geannuleerd", "anulowano"),
        *("iptal", "отменено", "キャンセル", "中断", "已取消", "취소"),
    ),
}
"""The words of a status, without case and punctuation."""
KNOWN = {word: status for status, words in WORDS.items() for word in words}


def status_of(word: str) -> RecordStatus | None:
    """Return the status that a word of a record means; None where it is no word for one."""
    return KNOWN.get(re.sub(r"[\W\d_]", "", unicodedata.normalize("NFC", word).casefold()))
