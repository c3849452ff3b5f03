"""The ground under the domain: configuration, storage, jobs, guarded HTTP, client address, clock."""
