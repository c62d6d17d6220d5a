/** Where the open database is, as a thing that can be injected. */
export class DatabaseUrl {
  constructor(readonly url: string) {}
}
