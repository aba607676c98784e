/**
 * Told what a log met and goes on from: a batch that was rejected, a broker that is away, a partition that was lost.
 * `detail` holds plain values and at most one `error`.
 */
export type Report = (message: string, detail: Record<string, unknown>) => void;
