// Two programs: the gateway of go-zero, and a service that gives back what it was sent.
//
//	peer gateway <config file>
//	peer upstream
package main

import (
	"fmt"
	"net"
	"os"

	"github.com/zeromicro/go-zero/core/conf"
	"github.com/zeromicro/go-zero/gateway"
	"google.golang.org/grpc"
)

// bytesCodec leaves messages as they are.
type bytesCodec struct{}

func (bytesCodec) Name() string                     { return "proto" }
func (bytesCodec) Marshal(value any) ([]byte, error) { return *value.(*[]byte), nil }
func (bytesCodec) Unmarshal(data []byte, value any) error {
	*value.(*[]byte) = append([]byte(nil), data...)
	return nil
}

func echo(_ any, stream grpc.ServerStream) error {
	var message []byte
	if err := stream.RecvMsg(&message); err != nil {
		return err
	}
	return stream.SendMsg(&message)
}

func main() {
	if os.Args[1] == "upstream" {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		fmt.Println(listener.Addr().(*net.TCPAddr).Port)
		server := grpc.NewServer(grpc.ForceServerCodec(bytesCodec{}), grpc.UnknownServiceHandler(echo))
		panic(server.Serve(listener))
	}
	var config gateway.GatewayConf
	conf.MustLoad(os.Args[2], &config)
	server := gateway.MustNewServer(config)
	defer server.Stop()
	server.Start()
}
