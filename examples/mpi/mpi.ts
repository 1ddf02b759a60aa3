import koffi, { type LibraryHandle } from 'koffi'

/** What the collectives take; read and written in place, without a copy, views at any offset included. */
export type MpiArray = Float32Array | Float64Array | Uint8Array | Int32Array

/** An argument of a C function: an address, a number, or memory that it reads or writes. */
type Argument = bigint | number | MpiArray | null
type CFunction = (...args: Argument[]) => number

/** MPI_IN_PLACE: results take the place of what each rank gave. */
const IN_PLACE = 1n
/** MPI_MAX_ERROR_STRING, and MPI_MAX_LIBRARY_VERSION_STRING, of Open MPI. */
const LONGEST_TEXT = 256
const DATATYPES = { Float32Array: 'float', Float64Array: 'double', Uint8Array: 'byte', Int32Array: 'int' } as const

/**
 * All ranks of an `mpirun`: MPI_COMM_WORLD of Open MPI, called through its C interface. Every method but `abort` is
 * collective: it returns on a rank once all ranks have called it, with arrays of one type and length.
 */
export class World {
  /** This process's number, from 0. */
  readonly rank: number
  /** The number of processes. */
  readonly size: number
  /** Bytes that this rank has handed to sums, minima and broadcasts; what a network carries depends on the algorithm. */
  payload = 0
  /** Bytes that this rank has sent to others by exchanges. */
  sent = 0
  /** Spent in Open MPI, waiting for other ranks included. */
  milliseconds = 0

  readonly #functions = new Map<string, CFunction>()
  readonly #library: LibraryHandle
  readonly #world: bigint

  /** MPI_Init. Throws where the library is missing. It has to be that of the mpirun which started the process. */
  constructor() {
    // As ld.so searches: the mpirun of the wheel with Open MPI 5 has put its own first. 4 and 5 have the same name.
    this.#library = koffi.load(process.env.MPI_LIBRARY ?? 'libmpi.so.40')
    this.#world = this.#constant('comm_world')
    this.#call('MPI_Init', null, null)
    // The default is that Open MPI ends the process; returned codes can say which call failed.
    this.#call('MPI_Comm_set_errhandler', this.#world, this.#constant('errors_return'))
    const [rank, size] = [new Int32Array(1), new Int32Array(1)]
    this.#call('MPI_Comm_rank', this.#world, rank)
    this.#call('MPI_Comm_size', this.#world, size)
    this.rank = rank[0]
    this.size = size[0]
  }

  /**
   * Replaces `values` by the sum or the minimum over all ranks, element by element. MPI requires that all ranks receive
   * identical results. The minimum with a NaN is undefined: give none.
   */
  allreduce(values: Float32Array | Float64Array, operation: 'sum' | 'min'): void {
    this.payload += values.byteLength
    const op = this.#constant(`op_${operation}`)
    this.#call('MPI_Allreduce', IN_PLACE, values, values.length, this.#datatype(values), op, this.#world)
  }

  /** Replaces `values` by those of the rank `root`. */
  broadcast(values: MpiArray, root: number): void {
    this.payload += values.byteLength
    this.#call('MPI_Bcast', values, values.length, this.#datatype(values), root, this.#world)
  }

  /** Tells rank r the number `counts[r]`; returns what each of them tells this rank. */
  exchangeCounts(counts: Int32Array): Int32Array {
    const incoming = new Int32Array(this.size)
    const int = this.#datatype(counts)
    this.sent += counts.byteLength - counts.BYTES_PER_ELEMENT
    this.#call('MPI_Alltoall', counts, 1, int, incoming, 1, int, this.#world)
    return incoming
  }

  /**
   * Sends `values` to the ranks, in their order `counts[r]` of them to rank r, and fills `received` likewise with what they
   * send here: `incoming[r]` from rank r.
   */
  exchange(values: MpiArray, counts: Int32Array, received: MpiArray, incoming: Int32Array): void {
    const type = this.#datatype(values)
    this.sent += (values.length - counts[this.rank]) * values.BYTES_PER_ELEMENT
    const [from, to] = [startsOf(counts), startsOf(incoming)]
    this.#call('MPI_Alltoallv', values, counts, from, type, received, incoming, to, type, this.#world)
  }

  /** Of the library, such as 'Open MPI v4.1.4'. */
  get version(): string {
    return this.#text('MPI_Get_library_version').split(',')[0]
  }

  /** Returns once every rank has called it. */
  barrier(): void {
    this.#call('MPI_Barrier', this.#world)
  }

  /** Ends every rank at once, whatever it waits for; mpirun then exits with `code`. */
  abort(code: number): never {
    this.#call('MPI_Abort', this.#world, code)
    process.exit(code)
  }

  /** The last call; a rank that ends without it makes mpirun end the others. */
  finalize(): void {
    this.#call('MPI_Finalize')
  }

  /** Open MPI's constants are the addresses of variables in its library. */
  #constant(name: string): bigint {
    return this.#library.symbol(`ompi_mpi_${name}`)
  }

  #datatype(values: MpiArray): bigint {
    return this.#constant(DATATYPES[values[Symbol.toStringTag]])
  }

  #call(name: string, ...args: Argument[]): void {
    const started = performance.now()
    const code = this.#function(name, args)(...args)
    this.milliseconds += performance.now() - started
    if (code !== 0) throw new Error(`${name} returned ${code}: ${this.#text('MPI_Error_string', code)}`)
  }

  /** What a function writes to its last two arguments, a text and its length. */
  #text(name: string, ...first: Argument[]): string {
    const [text, length] = [new Uint8Array(LONGEST_TEXT), new Int32Array(1)]
    const args = [...first, text, length]
    this.#function(name, args)(...args)
    return new TextDecoder().decode(text.subarray(0, length[0]))
  }

  /** Every argument of the calls above is an int or a pointer; Open MPI's handles are pointers. */
  #function(name: string, args: readonly Argument[]): CFunction {
    const known = this.#functions.get(name)
    if (known !== undefined) return known
    const types = args.map((argument) => (typeof argument === 'number' ? 'int' : 'void *'))
    const made: CFunction = this.#library.func(name, 'int', types)
    this.#functions.set(name, made)
    return made
  }
}

/** Where each rank's values begin. */
function startsOf(counts: Int32Array): Int32Array {
  let end = 0
  return counts.map((count) => {
    end += count
    return end - count
  })
}
