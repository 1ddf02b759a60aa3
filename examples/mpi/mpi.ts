import koffi, { type LibraryHandle } from 'koffi'

/** What the collectives take; read and written in place, without a copy, views at any offset included. */
export type MpiArray = Float32Array | Float64Array | Uint8Array

/** An argument of a C function: an address, a number, or memory that it reads or writes. */
type Argument = bigint | number | MpiArray | Int32Array | null
type CFunction = (...args: Argument[]) => number

/** MPI_IN_PLACE: results take the place of what each rank gave. */
const IN_PLACE = 1n
/** MPI_MAX_ERROR_STRING. */
const LONGEST_MESSAGE = 256
const DATATYPES = { Float32Array: 'float', Float64Array: 'double', Uint8Array: 'byte' } as const

/**
 * All ranks of an `mpirun`: MPI_COMM_WORLD of Open MPI, called through its C interface. Every method but `abort` is
 * collective: it returns on a rank once all ranks have called it, with arrays of one type and length.
 */
export class World {
  /** This process's number, from 0. */
  readonly rank: number
  /** The number of processes. */
  readonly size: number
  /** What this rank has handed to collectives so far, in bytes; what a network carries depends on the algorithm. */
  payload = 0

  readonly #functions = new Map<string, CFunction>()
  readonly #library: LibraryHandle
  readonly #world: bigint

  /** MPI_Init. Throws where the library is missing. `path` is that of Open MPI 4's libmpi, searched for as by ld.so. */
  constructor(path = process.env.MPI_LIBRARY ?? 'libmpi.so.40') {
    this.#library = koffi.load(path)
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
    const code = this.#function(name, args)(...args)
    if (code === 0) return
    const [text, length] = [new Uint8Array(LONGEST_MESSAGE), new Int32Array(1)]
    const explain: Argument[] = [code, text, length]
    this.#function('MPI_Error_string', explain)(...explain)
    const message = new TextDecoder().decode(text.subarray(0, length[0]))
    throw new Error(`${name} returned ${code}: ${message}`)
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
