/** What a host that compiles .wasm imports gives. */
declare module '*.wasm' {
  const module: WebAssembly.Module
  export default module
}
