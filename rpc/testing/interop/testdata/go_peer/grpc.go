package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/grpclog"
	"google.golang.org/grpc/interop"
	testgrpc "google.golang.org/grpc/interop/grpc_testing"
)

func grpcServer([]string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	testgrpc.RegisterTestServiceServer(server, interop.NewTestServer())
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	go func() { _ = server.Serve(listener) }()
	untilInputEnds()
	server.Stop()
	return nil
}

// panicky makes a failed test a panic where the package would end the process.
type panicky struct{ grpclog.LoggerV2 }

func (panicky) Fatal(args ...any)                 { panic(fmt.Sprint(args...)) }
func (panicky) Fatalln(args ...any)               { panic(fmt.Sprintln(args...)) }
func (panicky) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

type testCase struct {
	name string
	run  func(context.Context, testgrpc.TestServiceClient)
}

func plain(run func(context.Context, testgrpc.TestServiceClient, ...grpc.CallOption)) func(
	context.Context, testgrpc.TestServiceClient) {
	return func(ctx context.Context, client testgrpc.TestServiceClient) { run(ctx, client) }
}

func gzipped(run func(context.Context, testgrpc.TestServiceClient, ...grpc.CallOption)) func(
	context.Context, testgrpc.TestServiceClient) {
	return func(ctx context.Context, client testgrpc.TestServiceClient) {
		run(ctx, client, grpc.UseCompressor(gzip.Name))
	}
}

func grpcClient(args []string) error {
	conn, err := grpc.NewClient(args[0], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	runCases(conn)
	return nil
}

func runCases(conn *grpc.ClientConn) {
	grpclog.SetLoggerV2(panicky{grpclog.NewLoggerV2(io.Discard, io.Discard, os.Stderr)})
	cases := []testCase{
		{"empty_unary", plain(interop.DoEmptyUnaryCall)},
		{"large_unary", plain(interop.DoLargeUnaryCall)},
		{"client_streaming", plain(interop.DoClientStreaming)},
		{"server_streaming", plain(interop.DoServerStreaming)},
		{"ping_pong", plain(interop.DoPingPong)},
		{"empty_stream", plain(interop.DoEmptyStream)},
		{"custom_metadata", plain(interop.DoCustomMetadata)},
		{"status_code_and_message", plain(interop.DoStatusCodeAndMessage)},
		{"special_status_message", plain(interop.DoSpecialStatusMessage)},
		{"unimplemented_method", func(ctx context.Context, _ testgrpc.TestServiceClient) {
			interop.DoUnimplementedMethod(ctx, conn)
		}},
		{"unimplemented_service", func(ctx context.Context, _ testgrpc.TestServiceClient) {
			interop.DoUnimplementedService(ctx, testgrpc.NewUnimplementedServiceClient(conn))
		}},
		{"cancel_after_begin", plain(interop.DoCancelAfterBegin)},
		{"cancel_after_first_response", plain(interop.DoCancelAfterFirstResponse)},
		{"timeout_on_sleeping_server", plain(interop.DoTimeoutOnSleepingServer)},
		// Not of the list of gRPC: its own cases on compression need a server that probes for it.
		{"large_unary, gzip", gzipped(interop.DoLargeUnaryCall)},
		{"client_streaming, gzip", gzipped(interop.DoClientStreaming)},
		{"ping_pong, gzip", gzipped(interop.DoPingPong)},
	}
	client := testgrpc.NewTestServiceClient(conn)
	for _, each := range cases {
		if why := attempt(each, client); why != nil {
			fmt.Printf("failed %s: %v\n", each.name, why)
		} else {
			fmt.Printf("ok %s\n", each.name)
		}
	}
}

func attempt(each testCase, client testgrpc.TestServiceClient) (why any) {
	defer func() { why = recover() }()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	each.run(ctx, client)
	return nil
}
