import { get, logIn, logOut, newKey, post, postPhoto, readSession, session } from '../api';

// What happens on a tour, as its people do it: by the API, under their own names.

/** As one of the demonstration's people; null: as anybody. */
export async function become(login: string | null): Promise<void> {
  if ((session.person?.login ?? null) === login) return;
  if (session.person !== null) await logOut();
  await readSession();
  if (login !== null) await logIn(login, session.demonstration?.password ?? '');
}

/** A scene that is drawn, so that no photo is of a real place: a street corner with or without what was reported. */
async function scene(isClean: boolean): Promise<string> {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [800, 600];
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('canvas');
  const fill = (colour: string, x: number, y: number, wide: number, high: number) => {
    pen.fillStyle = colour;
    pen.fillRect(x, y, wide, high);
  };
  fill('#cfe3ee', 0, 0, 800, 300);
  fill('#d9cdbd', 40, 80, 260, 240);
  fill('#c8b8a4', 330, 40, 200, 280);
  for (let row = 0; row < 3; row += 1) for (let column = 0; column < 4; column += 1) fill('#7f98a5', 60 + column * 60, 100 + row * 65, 34, 40);
  fill('#8fae82', 560, 180, 200, 140);
  fill('#b9b4a8', 0, 320, 800, 60);
  fill('#6d6f72', 0, 380, 800, 220);
  for (let at = 0; at < 8; at += 1) fill('#e9e6da', 20 + at * 105, 480, 60, 10);
  if (!isClean) for (let at = 0; at < 26; at += 1) fill(['#3c3a36', '#8a5a2b', '#cbb26a', '#4f6b8a'][at % 4] ?? '#000', 380 + ((at * 37) % 240), 330 + ((at * 53) % 70), 24 + ((at * 7) % 30), 16 + ((at * 5) % 22));
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.85));
  if (blob === null) throw new Error('canvas');
  return (await postPhoto(blob)).hash;
}

export interface Told { case: number; token: string }

/** A resident photographs what lies in the street and gets a number. */
export async function reportIt(): Promise<Told> {
  await become(null);
  const photo = await scene(false);
  const answer = await post<Told>('/api/v1/reports', { type: 'grid_event', class: 'S0102', fields: { description: '路边堆着垃圾，挡住了人行道', condition: 'dirty', photos: [photo] }, place: '路口东侧人行道', x: 1_131_300_000, y: 225_350_000 }, newKey());
  return { case: answer.case, token: answer.token };
}

/** A station measures what passes its limit. */
export async function exceed(): Promise<void> {
  await become('admin');
  const streams = (await get<{ items: { '@iot.id': number; code: string }[] }>('/api/v1/datastreams?limit=200')).items;
  const found = streams.find((stream) => stream.code === 'aq-jn-no2');
  if (found !== undefined) await post(`/api/v1/datastreams/${found['@iot.id']}/observations`, { result: 260 }, newKey());
}

const state = async (id: number) => (await get<{ state: string }>(`/api/v1/cases/${id}`)).state;
/** A step, unless somebody at the keyboard took it already. */
async function move(id: number, from: string, transition: string, body: object = {}): Promise<void> {
  if ((await state(id)) === from) await post(`/api/v1/cases/${id}/transitions/${transition}`, body, newKey());
}
export async function dispatch(id: number): Promise<void> {
  await become('leader');
  await move(id, 'reported', 'file_and_dispatch');
}
export async function accept(id: number): Promise<void> {
  await dispatch(id);
  await become('d-hw');
  await move(id, 'dispatched', 'accept');
}
export async function clean(id: number): Promise<void> {
  await accept(id);
  if ((await state(id)) !== 'handling') return;
  const [before, after] = [await scene(false), await scene(true)];
  await move(id, 'handling', 'resolve', { fields: { result: '垃圾已清运，路面已冲洗。', photos_before: [before], photos_after: [after] } });
}
