"""The handlers of the contract's services, and the only place where protobuf messages and the domain meet."""
