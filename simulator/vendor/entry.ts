/** One metric of the vendor's answer. */
export interface Entry {
  type: string;
  object: Record<string, unknown>;
}

export interface Point {
  value: number;
  timestamp: number;
}
