"""A message's type for readers that do not know it: a FileDescriptorSet, without what only this program reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protobuf.wkt import FileDescriptorProto, FileDescriptorSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protobuf import DescFile, Message


_SETS: dict[str, bytes] = {}


def descriptor_set(message_type: type[Message[Any]]) -> bytes:
    """The files that a type is declared in, each after those it needs.

    Services and options are left out: rules and labels would bring all of protovalidate with them, into every run.
    """
    name = message_type.desc().type_name
    if name not in _SETS:
        files: dict[str, FileDescriptorProto] = {}
        _collect(message_type.desc().file, files)
        _SETS[name] = FileDescriptorSet(file=list(files.values())).to_binary()
    return _SETS[name]


def _collect(file: DescFile, files: dict[str, FileDescriptorProto]) -> None:
    if file.name in files:
        return
    bare = FileDescriptorProto.from_binary(file.proto.to_binary())
    bare.service = []
    bare.extension = []
    bare.clear_field("options")
    bare.clear_field("source_code_info")
    used = set(_named_types(bare))
    needed = [other for other in file.dependencies if used & set(_declared(other))]
    for other in needed:
        _collect(other, files)
    bare.dependency = [other.proto.name for other in needed]
    bare.public_dependency = []
    bare.weak_dependency = []
    files[file.name] = bare


def _named_types(bare: FileDescriptorProto) -> Iterator[str]:
    """The types that fields name; what has options loses them on the way."""
    messages = list(bare.message_type)
    enums = list(bare.enum_type)
    while messages:
        message = messages.pop()
        messages += message.nested_type
        enums += message.enum_type
        message.clear_field("options")
        for oneof in message.oneof_decl:
            oneof.clear_field("options")
        for field in message.field:
            field.clear_field("options")
            if field.type_name:
                yield field.type_name.removeprefix(".")
    for enum in enums:
        enum.clear_field("options")
        for value in enum.value:
            value.clear_field("options")


def _declared(file: DescFile) -> Iterator[str]:
    messages = list(file.messages)
    yield from (enum.type_name for enum in file.enums)
    while messages:
        message = messages.pop()
        messages += message.nested_messages
        yield message.type_name
        yield from (enum.type_name for enum in message.nested_enums)
