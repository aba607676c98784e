// A project's own testTimeout is not read when Jest runs several projects; a slow machine is not a failure.
jest.setTimeout(30_000);
