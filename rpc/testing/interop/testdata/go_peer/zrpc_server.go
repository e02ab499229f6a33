package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/zeromicro/go-zero/core/conf"
	"github.com/zeromicro/go-zero/core/logx"
	"github.com/zeromicro/go-zero/core/proc"
	"github.com/zeromicro/go-zero/zrpc"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/interop"
	testgrpc "google.golang.org/grpc/interop/grpc_testing"
	testpb "google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"
)

func zrpcServer(args []string) error {
	logx.Disable()
	var config zrpc.RpcServerConf
	if err := conf.LoadFromJsonBytes([]byte(args[0]), &config); err != nil {
		return err
	}
	// The log is of no interest, and its set-up by the server would turn it on again.
	config.Log.Mode, config.Log.Level = "console", "severe"
	server, err := zrpc.NewServer(config, func(server *grpc.Server) {
		testgrpc.RegisterTestServiceServer(server, &observer{interop.NewTestServer(), config.Name})
		fmt.Println("ready")
	})
	if err != nil {
		return err
	}
	go func() {
		untilInputEnds()
		proc.WrapUp()
		proc.Shutdown()
	}()
	server.Start()
	return nil
}

// observer is a test service whose unary call tells what reached it, and sleeps when asked to.
type observer struct {
	testgrpc.TestServiceServer
	name string
}

func (o *observer) UnaryCall(ctx context.Context, request *testpb.SimpleRequest) (*testpb.SimpleResponse, error) {
	got, _ := metadata.FromIncomingContext(ctx)
	seen := metadata.Pairs("x-instance", o.name)
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		seen.Set("x-seen-trace", span.TraceID().String())
	}
	if deadline, ok := ctx.Deadline(); ok {
		seen.Set("x-seen-deadline-ms", strconv.FormatInt(time.Until(deadline).Milliseconds(), 10))
	}
	seen.Set("x-seen-tag", got.Get("x-tag")...)
	seen.Set("x-seen-tag-bin", got.Get("x-tag-bin")...)
	if err := grpc.SetHeader(ctx, seen); err != nil {
		return nil, err
	}
	if values := got.Get("x-sleep-ms"); len(values) > 0 {
		ms, err := strconv.Atoi(values[0])
		if err != nil {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Duration(ms) * time.Millisecond):
		}
	}
	return o.TestServiceServer.UnaryCall(ctx, request)
}
