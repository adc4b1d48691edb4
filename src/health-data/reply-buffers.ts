import { Injectable } from '@nestjs/common';

/** Smaller ones are left to the garbage collector. */
const LARGE = 256 * 1_024;
const KEPT = 8;

/**
 * Memory for large replies, used again once a reply is sent. V8 collects its whole heap for every 64 MB that Buffers
 * take outside of it, which would cost more than half of the time of a reply of 2 MB.
 */
@Injectable()
export class ReplyBuffers {
  private readonly free: ArrayBuffer[] = [];

  take(size: number): Buffer {
    if (size < LARGE) return Buffer.allocUnsafe(size);
    const index = this.free.findIndex(({ byteLength }) => byteLength >= size);
    const memory = index === -1 ? new ArrayBuffer(powerOfTwo(size)) : this.free.splice(index, 1)[0];
    return Buffer.from(memory, 0, size);
  }

  /** @param taken a Buffer out of `take`, or a part of one, that nobody reads any more */
  giveBack({ buffer }: Buffer): void {
    const wanted = buffer instanceof ArrayBuffer && buffer.byteLength >= LARGE && this.free.length < KEPT;
    if (wanted && !this.free.includes(buffer)) this.free.push(buffer);
  }
}

const powerOfTwo = (size: number) => 2 ** Math.ceil(Math.log2(size));
