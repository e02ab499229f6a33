// Peers for the interoperability tests, written with other implementations: grpc-go and go-zero.
//
//	peer grpc-server             serves grpc.testing.TestService, prints its port
//	peer grpc-client ADDRESS     makes all interoperability tests, prints "ok NAME" or "failed NAME: why"
//	peer reflect ADDRESS         asks the reflection services v1 and v1alpha, prints what they know
//	peer zrpc-server CONFIG      a go-zero server; CONFIG is the JSON of zrpc.RpcServerConf
//	peer zrpc-interop CONFIG     makes all interoperability tests by a go-zero client; CONFIG is that of zrpc.RpcClientConf
//	peer zrpc-client CONFIG      a go-zero client; takes orders and gives reports, a line of JSON each
//
// Servers end with their input or by SIGTERM.
package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	commands := map[string]func([]string) error{
		"grpc-server":  grpcServer,
		"grpc-client":  grpcClient,
		"reflect":      reflect,
		"zrpc-server":  zrpcServer,
		"zrpc-interop": zrpcInterop,
		"zrpc-client":  zrpcClient,
	}
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "Cannot run: need grpc-server, grpc-client, reflect, zrpc-server, zrpc-interop or zrpc-client")
		os.Exit(2)
	}
	if err := commands[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// untilInputEnds returns when nobody holds the other end of the input any more.
func untilInputEnds() {
	_, _ = io.Copy(io.Discard, os.Stdin)
}
