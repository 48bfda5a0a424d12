"""The settings of an experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macroscope.configuration.v1 import configuration_connect
from macroscope.configuration.v1.configuration_pb import (
    DeletePresetRequest,
    DeletePresetResponse,
    EvaluateConfigurationRequest,
    EvaluateConfigurationResponse,
    ExportConfigurationRequest,
    ExportConfigurationResponse,
    ImportConfigurationRequest,
    ImportConfigurationResponse,
    ListPresetsRequest,
    ListPresetsResponse,
    LoadPresetRequest,
    LoadPresetResponse,
    PresetEntry,
    Problem,
    RedoConfigurationRequest,
    RedoConfigurationResponse,
    ResetConfigurationRequest,
    ResetConfigurationResponse,
    SavePresetRequest,
    SavePresetResponse,
    UndoConfigurationRequest,
    UndoConfigurationResponse,
    UpdateConfigurationRequest,
    UpdateConfigurationResponse,
    WatchConfigurationRequest,
    WatchConfigurationResponse,
)
from macroscope.configuration.v1.settings_pb import Configuration

from macroscope_worker.rpc.server_connection import CallContext

from .news import News

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from connectrpc.request import RequestContext

    from macroscope_worker.configuration import ConfigurationStore, Presets

    Context = RequestContext[Any, Any]


class ConfigurationService(configuration_connect.ConfigurationService):
    """Serves the worker's configuration and its presets."""

    def __init__(self, store: ConfigurationStore, presets: Presets) -> None:
        self._store = store
        self._presets = presets

    async def watch_configuration(
        self, request: WatchConfigurationRequest, ctx: Context, /
    ) -> AsyncIterator[WatchConfigurationResponse]:
        """The state now, and again whenever it changes."""
        del request, ctx
        news = News()
        unsubscribe = self._store.subscribe(news.tell)
        try:
            while True:
                yield WatchConfigurationResponse(state=self._store.state)
                await news.wait()
        finally:
            unsubscribe()

    async def update_configuration(
        self, request: UpdateConfigurationRequest, ctx: Context, /
    ) -> UpdateConfigurationResponse:
        """Set the named fields, all or none."""
        source = request.configuration or Configuration()
        state = await self._store.update(request.base_revision, source, request.paths, _caller(ctx))
        return UpdateConfigurationResponse(state=state)

    async def evaluate_configuration(
        self, request: EvaluateConfigurationRequest, ctx: Context, /
    ) -> EvaluateConfigurationResponse:
        """Tell what an update would give. Changes nothing."""
        del ctx
        derived, broken = self._store.draft(request.configuration or Configuration(), request.paths)
        problems = [Problem(path=rule.path, message=rule.message, rule_id=rule.rule_id) for rule in broken]
        return EvaluateConfigurationResponse(derived=derived, problems=problems)

    async def undo_configuration(self, request: UndoConfigurationRequest, ctx: Context, /) -> UndoConfigurationResponse:
        """Take the last change back."""
        return UndoConfigurationResponse(state=await self._store.undo(request.base_revision, _caller(ctx)))

    async def redo_configuration(self, request: RedoConfigurationRequest, ctx: Context, /) -> RedoConfigurationResponse:
        """Make the change again that was taken back last."""
        return RedoConfigurationResponse(state=await self._store.redo(request.base_revision, _caller(ctx)))

    async def reset_configuration(
        self, request: ResetConfigurationRequest, ctx: Context, /
    ) -> ResetConfigurationResponse:
        """Give fields or groups the defaults of the schema."""
        state = await self._store.reset(request.base_revision, request.paths, _caller(ctx))
        return ResetConfigurationResponse(state=state)

    async def list_presets(self, request: ListPresetsRequest, ctx: Context, /) -> ListPresetsResponse:
        """The presets, by name; the broken ones with the reason."""
        del request, ctx
        entries = [
            PresetEntry(
                name=entry.name, saved_unix_ns=entry.saved_unix_ns, summary=entry.summary, problem=entry.problem
            )
            for entry in await self._presets.entries()
        ]
        return ListPresetsResponse(presets=entries, directory=str(self._presets.directory))

    async def save_preset(self, request: SavePresetRequest, ctx: Context, /) -> SavePresetResponse:
        """Save the configuration under a name."""
        state = await self._presets.save(request.name, _caller(ctx), overwrite=request.overwrite)
        return SavePresetResponse(state=state)

    async def load_preset(self, request: LoadPresetRequest, ctx: Context, /) -> LoadPresetResponse:
        """Make a preset the configuration, but for session and display."""
        state, left_out = await self._presets.load(request.base_revision, request.name, _caller(ctx))
        return LoadPresetResponse(state=state, left_out=left_out)

    async def delete_preset(self, request: DeletePresetRequest, ctx: Context, /) -> DeletePresetResponse:
        """Remove a preset."""
        await self._presets.delete(request.name, _caller(ctx))
        return DeletePresetResponse()

    async def export_configuration(
        self, request: ExportConfigurationRequest, ctx: Context, /
    ) -> ExportConfigurationResponse:
        """The configuration, or a preset, as the text of a preset file."""
        del ctx
        file_name, text = await self._presets.export(request.preset_name)
        return ExportConfigurationResponse(file_name=file_name, text=text)

    async def import_configuration(
        self, request: ImportConfigurationRequest, ctx: Context, /
    ) -> ImportConfigurationResponse:
        """Make the text of a preset file the configuration, session and all."""
        state, left_out = await self._presets.take_text(request.base_revision, request.text, _caller(ctx))
        return ImportConfigurationResponse(state=state, left_out=left_out)


def _caller(ctx: Context) -> str:
    return ctx.caller if isinstance(ctx, CallContext) else ""
