/** Every error answer (RFC 9457). `application/problem+json` only for clients whose `Accept` names it. */
export class Problem {
  /** Always `about:blank`: the status says which kind of problem it is @example about:blank */
  type: string;

  /** The reason phrase of the status @example Not Found */
  title: string;

  /** The HTTP status again @example 404 */
  status: number;

  /** What is wrong and what to send instead @example User with ID: 00000000-0000-4000-8000-000000000000 not found. */
  detail: string;
}
