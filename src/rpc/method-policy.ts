import { getOption } from "@bufbuild/protobuf";
import type { DescMethod } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { Delivery, Lane, Role, policy as policyOption } from "../../gen/ts/macroscope/rpc/v1/options_pb";

/** How a method is carried and who may call it, as its schema says. */
export interface MethodPolicy {
  /** "/package.Service/Method", as it stands in an Open. */
  readonly path: string;
  readonly lane: Lane;
  readonly delivery: Delivery;
  /** The least role that may call it. */
  readonly neededRole: Role;
  /** The deadline of a call that names none; undefined is no deadline. */
  readonly defaultDeadlineMs: number | undefined;
  /** Calling it again changes nothing more than calling it once. */
  readonly idempotent: boolean;
  /** It may change something, so the order of calls matters. */
  readonly sideEffects: boolean;
}

const policies = new WeakMap<DescMethod, MethodPolicy>();

/** Whether the schema sets the policy of a method, without which nobody serves it. */
export function hasPolicy(method: DescMethod): boolean {
  const { lane, neededRole } = getOption(method, policyOption);
  return lane !== Lane.UNSPECIFIED && neededRole !== Role.UNSPECIFIED;
}

/** The policy of a method. What the schema leaves out is filled in on the safe side: the command lane, reliable, the host only. */
export function methodPolicy(method: DescMethod): MethodPolicy {
  let policy = policies.get(method);
  if (policy === undefined) {
    const option = getOption(method, policyOption);
    policy = {
      path: `/${method.parent.typeName}/${method.name}`,
      lane: option.lane || Lane.COMMAND,
      delivery: option.delivery || Delivery.RELIABLE,
      neededRole: option.neededRole || Role.HOST,
      defaultDeadlineMs: option.defaultDeadlineMs || undefined,
      idempotent: method.idempotency !== MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN,
      sideEffects: method.idempotency !== MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS,
    };
    policies.set(method, policy);
  }
  return policy;
}
