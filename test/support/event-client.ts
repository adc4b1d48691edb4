/** One event of a stream, as a client takes it apart. */
export interface ReceivedEvent {
  id: string;
  data: { message: string; [field: string]: unknown };
}

/** Reads Server-Sent Events as the Open Wearables frontend does: with `fetch`, split at double line feeds. */
export class EventClient {
  readonly blocks: string[] = [];
  /** How the stream ended, once it has. */
  ending: 'ended' | 'broken' | null = null;
  private readonly abort = new AbortController();
  private rest = '';

  private constructor(readonly answer: Response) {}

  static async open(url: string, headers: Record<string, string>): Promise<EventClient> {
    const abort = new AbortController();
    const client = new EventClient(await fetch(url, { headers, signal: abort.signal }));
    client.abort.signal.addEventListener('abort', () => abort.abort());
    void client.read();
    return client;
  }

  get events(): ReceivedEvent[] {
    return this.blocks.filter((block) => !block.startsWith(':')).map(parsed);
  }

  get messages(): string[] {
    return this.events.map(({ data }) => data.message);
  }

  /** @throws if it does not come about in two seconds */
  async until(is: (client: EventClient) => boolean): Promise<void> {
    for (let waited = 0; !is(this); waited += 10) {
      if (waited > 2_000)
        throw new Error(`not in two seconds; the stream has: ${JSON.stringify(this.blocks)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  leave(): void {
    this.abort.abort();
  }

  private async read(): Promise<void> {
    try {
      const decoder = new TextDecoder();
      for await (const chunk of this.answer.body!) {
        const parts = (this.rest + decoder.decode(chunk, { stream: true })).split('\n\n');
        this.rest = parts.pop()!;
        this.blocks.push(...parts);
      }
      this.ending = 'ended';
    } catch {
      this.ending = 'broken';
    }
  }
}

function parsed(block: string): ReceivedEvent {
  const lines = /^event: sync\.status\nid: (\d+)\nretry: 3000\ndata: ([^\r\n]+)$/.exec(block);
  if (lines === null) throw new Error(`not an event: ${block}`);
  return { id: lines[1], data: JSON.parse(lines[2]) };
}
