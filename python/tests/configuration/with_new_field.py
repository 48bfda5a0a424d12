"""Has the generated code know a field that no program knows: `python -m tests.configuration.with_new_field FOLDER`.

What `npm run generate` makes of a .proto is a file of descriptors, as bytes, and a class for each message. Both are
changed here as the generator would, in memory; everything else of the program is as it is.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.util
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

MODULE = "macroscope.configuration.v1.stimulus_pb"
FIELD = "dwell_s"
NUMBER = 99


def with_field(source: str) -> str:
    """The generated file as it would be with `optional double dwell_s = 99`, with its rules and its control."""
    from macroscope.rpc.v1 import options_pb  # noqa: PLC0415
    from protobuf.wkt.google.protobuf.descriptor_pb import (  # noqa: PLC0415 - not before the hook is in place.
        FieldDescriptorProto,
        FieldOptions,
        FileDescriptorProto,
        OneofDescriptorProto,
    )
    from protovalidate._gen.buf.validate import validate_pb  # noqa: PLC0415

    found = re.search(r"^_DESC = file_desc\(\n    (b'.*'),$", source, re.MULTILINE)
    assert found is not None
    file = FileDescriptorProto.from_binary(eval(found[1]))
    [message] = [each for each in file.message_type if each.name == "StimulusSettings"]
    options = FieldOptions()
    rules: Any = validate_pb.FieldRules.from_json('{"double": {"gte": 0, "lte": 10, "finite": true}}')
    options[validate_pb.ext_field] = rules
    options[options_pb.ext_parameter] = options_pb.Parameter(
        label="Dwell", unit="s", group="Bar", help="How long the bar rests at its ends.", default_json="1.5", decimals=1
    )
    message.oneof_decl.append(OneofDescriptorProto(name=f"_{FIELD}"))
    message.field.append(
        FieldDescriptorProto(
            name=FIELD,
            number=NUMBER,
            label=FieldDescriptorProto.Label.OPTIONAL,
            type=FieldDescriptorProto.Type.DOUBLE,
            json_name="dwellS",
            proto3_optional=True,
            oneof_index=len(message.oneof_decl) - 1,
            options=options,
        )
    )
    source = source.replace(found[1], repr(file.to_binary()))
    return source.replace('__slots__ = ("bar_width_deg", ', f'__slots__ = ("{FIELD}", "bar_width_deg", ')


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the one module its other source."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find_spec(self, fullname: str, _path: Any, _target: Any = None) -> Any:
        return importlib.util.spec_from_loader(fullname, self) if fullname == MODULE else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(with_field(self._path.read_text(encoding="utf-8")), str(self._path), "exec"), vars(module))


def install() -> None:
    assert MODULE not in sys.modules
    found = importlib.util.find_spec("macroscope.configuration.v1.session_pb")
    assert found is not None
    assert found.origin is not None
    sys.meta_path.insert(0, _Finder(Path(found.origin).with_name("stimulus_pb.py")))


if __name__ == "__main__":
    install()
    importlib.import_module("tests.configuration.new_field_program").main()
