"""A downloaded zip archive in, its members as bounded streams of bytes out; nothing in it is believed."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from fixer.errors import SourceError
from fixer.sources.github.client import DamagedError
from fixer.sources.github.limits import MIB, Limits
from fixer.sources.github.refusals import BY_HAND

CHUNK = 1 << 16
_PLAIN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_END, _LOCATOR = b"PK\x05\x06", b"PK\x06\x07"
_END_SIZE, _LOCATOR_SIZE = 22, 20
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    struct.error,
)
"""What zipfile raises for archives that are cut, damaged, encrypted or made to harm."""


class Archive:
    """A zip archive that may be made to harm. Its members' names are for comparing, never for a path on the disk."""

    def __init__(self, file: IO[bytes], what: str, limits: Limits) -> None:
        """Read the list of members.

        Raises:
            DamagedError: it is cut or no archive.
            SourceError: its list of members is beyond the limits.
        """
        self._what = what
        self._limits = limits
        self._left = limits.unpacked
        try:
            size = _directory_size(file)
            if size > limits.directory:
                raise self._refused(f"its list of members takes {size} bytes")
            self._zip = zipfile.ZipFile(file)
        except _BROKEN as error:
            raise DamagedError(
                f"{what} is cut or damaged: {error}", f"try again in some minutes, or {BY_HAND}"
            ) from error
        if len(self._zip.infolist()) > limits.members:
            raise self._refused(f"it has {len(self._zip.infolist())} members")

    def members(self) -> list[zipfile.ZipInfo]:
        """Return the members that are files."""
        return [info for info in self._zip.infolist() if not info.is_dir()]

    def read(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield the content of a member; what its header says of the size is not believed.

        Raises:
            DamagedError: it is cut or damaged.
            SourceError: it is encrypted, or unpacks to more than the limits allow.
        """
        if info.flag_bits & _ENCRYPTED:
            raise self._refused("it is encrypted")
        if info.compress_type not in _PLAIN:
            raise self._refused("it is packed in a way that GitHub does not use")
        size = 0
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    self._left -= len(chunk)
                    self._check(size, info)
                    yield chunk
        except _BROKEN as error:
            raise DamagedError(
                f"{self._what} is cut or damaged: {error}", f"try again in some minutes, or {BY_HAND}"
            ) from error

    def _check(self, size: int, info: zipfile.ZipInfo) -> None:
        if self._left < 0:
            raise self._refused(f"it unpacks to more than {self._limits.unpacked // MIB} MiB")
        if size > self._limits.ratio_from and size > self._limits.ratio * max(1, info.compress_size):
            raise self._refused(f"a member unpacks to more than {self._limits.ratio} times its size")

    def _refused(self, why: str) -> SourceError:
        return SourceError(f"{self._what} is not read: {why}", f"give the address of one job of the run, or {BY_HAND}")


def _directory_size(file: IO[bytes]) -> int:
    """Return the largest size of the list of members that zipfile could believe (PKWARE's APPNOTE, 4.3.16).

    A zip64 archive counts as endless: its lists are for more members than are read.
    """
    end = file.seek(0, 2)
    file.seek(max(0, end - _END_SIZE - 0xFFFF - _LOCATOR_SIZE))
    tail = file.read()
    file.seek(0)
    largest = 0
    at = tail.find(_END)
    while at >= 0 and at + _END_SIZE <= len(tail):
        if tail[max(0, at - _LOCATOR_SIZE) : at].startswith(_LOCATOR):
            return 1 << 63
        largest = max(largest, struct.unpack_from("<L", tail, at + 12)[0])
        at = tail.find(_END, at + 1)
    return largest
