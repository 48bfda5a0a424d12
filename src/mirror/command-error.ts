/**
 * Errors of commands as plain state: the code, a sentence, the reasons that belong beside fields, and the typed details.
 */
import type { DescMessage } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  FolderProblemSchema,
  RecordingConflictSchema,
  SpaceNeededSchema,
} from "../../gen/ts/macroscope/acquisition/v1/errors_pb";
import { WorkerAbsentSchema } from "../../gen/ts/macroscope/application/v1/application_pb";
import {
  CameraNotFoundSchema,
  CameraUnavailableSchema,
  ParameterRejectedSchema,
} from "../../gen/ts/macroscope/camera/v1/errors_pb";
import {
  FixedDuringRunSchema,
  PresetProblemSchema,
  StaleRevisionSchema,
} from "../../gen/ts/macroscope/configuration/v1/errors_pb";
import { InvalidFieldsSchema, RoleNeededSchema, UnknownMethodSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { TransitionRefusedSchema } from "../../gen/ts/macroscope/workflow/v1/errors_pb";
import { toPlain } from "./from-proto";

/** A command that failed, as the store keeps it. */
export interface CommandError {
  /** One of the 16 codes, by name: "OutOfRange". */
  readonly code: string;
  readonly message: string;
  /** The reason for a field, by its path in the request. */
  readonly fields: Readonly<Record<string, string>>;
  readonly details: readonly CommandErrorDetail[];
}

/** A typed detail, plain. */
export interface CommandErrorDetail {
  /** The message's full name, such as "macroscope.camera.v1.ParameterRejected". */
  readonly type: string;
  readonly value: Readonly<Record<string, unknown>>;
}

const DETAIL_TYPES: readonly DescMessage[] = [
  CameraNotFoundSchema,
  CameraUnavailableSchema,
  FixedDuringRunSchema,
  FolderProblemSchema,
  InvalidFieldsSchema,
  ParameterRejectedSchema,
  PresetProblemSchema,
  RecordingConflictSchema,
  RoleNeededSchema,
  SpaceNeededSchema,
  StaleRevisionSchema,
  TransitionRefusedSchema,
  UnknownMethodSchema,
  WorkerAbsentSchema,
];

/** Anything thrown by a call, as plain state. */
export function toCommandError(thrown: unknown): CommandError {
  const error = ConnectError.from(thrown);
  return {
    code: Code[error.code],
    message: error.rawMessage || `The worker answered ${Code[error.code]} and no more.`,
    fields: fieldReasons(error),
    details: DETAIL_TYPES.flatMap((type) =>
      error.findDetails(type).map((detail) => ({ type: type.typeName, value: toPlain(detail) })),
    ),
  };
}

/** Whether a call may succeed later without anybody changing anything. */
export function isPassing(thrown: unknown): boolean {
  const lasting = [Code.Unimplemented, Code.PermissionDenied, Code.Unauthenticated, Code.InvalidArgument];
  return !lasting.includes(ConnectError.from(thrown).code);
}

function fieldReasons(error: ConnectError): Record<string, string> {
  const reasons: Record<string, string> = {};
  for (const detail of error.findDetails(ParameterRejectedSchema)) reasons[detail.parameter] = error.rawMessage;
  for (const detail of error.findDetails(InvalidFieldsSchema)) {
    for (const violation of detail.violations) {
      // Settings stand in a field of the request; the form knows them by their path below it.
      reasons[violation.field.replace(/^(settings|configuration)\./, "")] = violation.message;
    }
  }
  for (const { paths } of error.findDetails(FixedDuringRunSchema)) {
    for (const path of paths) reasons[path] = "A run goes on and holds it fixed until it has ended.";
  }
  return reasons;
}
