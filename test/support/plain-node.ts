import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * Runs a function in a thread of its own. In jest's sandbox every look at a global costs, and what takes a server a
 * minute takes more than two.
 * @param file that exports the function under `name`; argument and result are copied
 */
export function inPlainNode<Result>(file: string, name: string, argument?: unknown): Promise<Result> {
  return new Promise((resolve, reject) => {
    const workerData = { file: require.resolve(file), name, argument };
    const worker = new Worker(join(__dirname, 'plain-node-thread.cjs'), {
      workerData,
      env: { ...process.env },
    });
    worker.once('message', (result: Result) => {
      resolve(result);
      void worker.terminate();
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`${name} ended with ${code} and without a result`)));
  });
}
