import type { Verdict } from '../send-reason';

const address: Verdict = { kind: 'rejected', reason: 'invalidAddress' };
const content: Verdict = { kind: 'rejected', reason: 'content' };

/** The codes of a workflow's refusal, `{"error":{"code":…}}`. */
export const WORKFLOW_CODES: Readonly<Record<string, Verdict>> = {
  WorkflowNotFound: address,
  WorkflowDisabled: address,
  WorkflowTriggerIsNotEnabled: address,
  TriggerNotFound: address,
  DirectApiAuthorizationRequired: address, // the URL lost its signature
  AuthorizationFailed: address,
  InvalidRequestContent: content,
  InvalidTemplate: content,
  TriggerInputSchemaMismatch: content,
  RequestEntityTooLarge: content,
};

/**
 * A hook of the older kind answers 200 and says in its body that Teams refused: "Webhook message delivery failed with
 * error: Microsoft Teams endpoint returned HTTP error 429 with ContextId …".
 */
const PASSED_ON = /message delivery failed with error:.*?returned HTTP error (\d{3})/is;

/** @returns null if the answer passes no refusal on */
export function passedOnVerdict(text: string): Verdict | null {
  const status = Number(PASSED_ON.exec(text)?.[1] ?? 0);
  if (status === 0) return null;
  if (status === 429) return { kind: 'retryable', reason: 'throttled' };
  if (status === 413) return content;
  if (status === 400) return content;
  if (status === 404 || status === 403 || status === 410) return address;
  return { kind: 'ambiguous', reason: 'providerError' };
}
