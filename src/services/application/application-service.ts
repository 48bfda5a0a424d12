/** Serves `ApplicationService`: what the program is, and how its worker stands. */
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import {
  type ApplicationService,
  type GetApplicationResponse,
  GetApplicationResponseSchema,
  StartWorkerResponseSchema,
  type WorkerProcess,
  WatchWorkerResponseSchema,
  type WatchWorkerResponse,
} from "../../../gen/ts/macroscope/application/v1/application_pb";
import { newestStates, type StateSource } from "../newest-state";

/** Whoever supervises the worker. */
export interface WorkerSource extends StateSource<WorkerProcess> {
  /** False when the worker was not given up. */
  startAgain(): boolean;
}

/** What the program tells about itself. */
export type ApplicationFacts = Omit<GetApplicationResponse, "$typeName" | "$unknown">;

/**
 * The service over a supervisor.
 *
 * @param facts - what `GetApplication` answers.
 * @param worker - whose state `WatchWorker` follows; the service does not own it.
 */
export function applicationService(
  facts: ApplicationFacts,
  worker: WorkerSource,
): ServiceImpl<typeof ApplicationService> {
  return {
    getApplication: () => create(GetApplicationResponseSchema, facts),

    async *watchWorker(_request, context: HandlerContext): AsyncGenerator<WatchWorkerResponse> {
      for await (const state of newestStates(worker, context.signal)) {
        yield create(WatchWorkerResponseSchema, { worker: state });
      }
    },

    startWorker: () => {
      if (!worker.startAgain()) {
        throw new ConnectError("The worker was not given up; there is nothing to start.", Code.FailedPrecondition);
      }
      return create(StartWorkerResponseSchema, { worker: worker.state });
    },
  };
}
