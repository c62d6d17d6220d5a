// A process of its own that asks over HTTP, so that its time is not counted as the server's: takes one order by IPC, says when it begins, answers with times.
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Posts one body; the answer's status and text. */
const post = (url, { headers, body }) =>
  new Promise((done, failed) => {
    const asked = request(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    });
    asked.on('error', failed).on('response', (answer) => {
      let text = '';
      answer
        .setEncoding('utf8')
        .on('data', (part) => (text += part))
        .on('end', () => done({ status: answer.statusCode, text }));
    });
    asked.end(body);
  });

/** `users` at once, `turns` each; one every `every` milliseconds where that is given. */
async function run({ url, posts, users, turns, every = 0 }) {
  let next = 0;
  let wrong = 0;
  const times = [];
  const user = async (number) => {
    await pause((every / users) * number);
    for (let turn = 0; turn < turns; turn++) {
      const one = posts[next++ % posts.length];
      const began = performance.now();
      const { status, text } = await post(url, one);
      const taken = performance.now() - began;
      times.push(taken);
      if (status >= 300 || (one.expect && !text.includes(one.expect))) wrong++;
      if (every > taken) await pause(every - taken);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: users }, (_, number) => user(number)));
  return { times, wrong, seconds: (performance.now() - began) / 1000 };
}

process.on('message', (order) => {
  process.send('begun');
  void run(order).then((answer) => process.send(answer));
});
