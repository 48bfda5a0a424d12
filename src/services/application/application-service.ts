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

/** Whoever supervises the worker. */
export interface WorkerSource {
  readonly state: WorkerProcess;
  subscribe(listener: (state: WorkerProcess) => void): () => void;
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
      // Only the newest state is worth sending; those in between are told by nothing but their revision.
      let latest: WorkerProcess | undefined = worker.state;
      let wake = Promise.withResolvers<undefined>();
      const unsubscribe = worker.subscribe((state) => {
        latest = state;
        wake.resolve(undefined);
      });
      const onAbort = () => {
        wake.resolve(undefined);
      };
      context.signal.addEventListener("abort", onAbort);
      try {
        while (!context.signal.aborted) {
          if (latest) {
            const state = latest;
            latest = undefined;
            yield create(WatchWorkerResponseSchema, { worker: state });
          } else {
            await wake.promise;
            wake = Promise.withResolvers<undefined>();
          }
        }
      } finally {
        unsubscribe();
        context.signal.removeEventListener("abort", onAbort);
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
