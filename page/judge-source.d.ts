/** The worker's source in one piece, which the build puts there. */
declare module 'judge-source' {
  const source: string;
  export default source;
}
