// In the command line's bundle in the place of `http2-wrapper`, which got loads whether HTTP/2 is asked for or not, and which
// makes a TLS context when it is loaded.
export default {}
