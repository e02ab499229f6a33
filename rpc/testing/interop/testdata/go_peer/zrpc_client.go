package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"sync"
	"time"

	"github.com/zeromicro/go-zero/core/conf"
	"github.com/zeromicro/go-zero/core/logx"
	"github.com/zeromicro/go-zero/zrpc"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	testgrpc "google.golang.org/grpc/interop/grpc_testing"
	testpb "google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// order is what calls are to be made.
type order struct {
	// How many, and how many at a time.
	Calls, Concurrency int
	// Time between two calls of one worker.
	PauseMs int
	// Limit of each call, on top of the client's own.
	TimeoutMs int
	Metadata  map[string]string
	// The trace that the calls belong to.
	Trace string
	// The status that the server is asked for.
	Code    int32
	Message string
	// Bytes asked for.
	Size int32
}

// report is what came of them.
type report struct {
	// By the number of the code.
	Codes     map[int]int       `json:"codes"`
	Instances map[string]int    `json:"instances"`
	Header    map[string]string `json:"header"`
	Message   string            `json:"message"`
	Bytes     int               `json:"bytes"`
	MaxMs     int64             `json:"maxMs"`
}

func openClient(config string) (zrpc.Client, error) {
	logx.Disable()
	var parsed zrpc.RpcClientConf
	if err := conf.LoadFromJsonBytes([]byte(config), &parsed); err != nil {
		return nil, err
	}
	return zrpc.NewClient(parsed)
}

func zrpcInterop(args []string) error {
	client, err := openClient(args[0])
	if err != nil {
		return err
	}
	runCases(client.Conn())
	return nil
}

func zrpcClient(args []string) error {
	client, err := openClient(args[0])
	if err != nil {
		return err
	}
	stub := testgrpc.NewTestServiceClient(client.Conn())
	lines := bufio.NewScanner(os.Stdin)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var wanted order
		if err := json.Unmarshal(lines.Bytes(), &wanted); err != nil {
			return err
		}
		if err := answers.Encode(carryOut(wanted, stub)); err != nil {
			return err
		}
	}
	return lines.Err()
}

func carryOut(wanted order, stub testgrpc.TestServiceClient) *report {
	total := &report{Codes: map[int]int{}, Instances: map[string]int{}, Header: map[string]string{}}
	var lock sync.Mutex
	var workers sync.WaitGroup
	turns := make(chan struct{})
	for range wanted.Concurrency {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for range turns {
				began := time.Now()
				header, size, err := call(wanted, stub)
				lock.Lock()
				total.add(header, size, err, time.Since(began))
				lock.Unlock()
				time.Sleep(time.Duration(wanted.PauseMs) * time.Millisecond)
			}
		}()
	}
	for range wanted.Calls {
		turns <- struct{}{}
	}
	close(turns)
	workers.Wait()
	return total
}

func (r *report) add(header metadata.MD, size int, err error, took time.Duration) {
	r.Codes[int(status.Code(err))]++
	if err != nil {
		r.Message = status.Convert(err).Message()
	}
	for name, values := range header {
		r.Header[name] = values[0]
	}
	if values := header.Get("x-instance"); len(values) > 0 {
		r.Instances[values[0]]++
	}
	r.Bytes = size
	r.MaxMs = max(r.MaxMs, took.Milliseconds())
}

func call(wanted order, stub testgrpc.TestServiceClient) (metadata.MD, int, error) {
	ctx := metadata.NewOutgoingContext(context.Background(), metadata.New(wanted.Metadata))
	if id, err := trace.TraceIDFromHex(wanted.Trace); err == nil {
		ctx = trace.ContextWithRemoteSpanContext(ctx, trace.NewSpanContext(trace.SpanContextConfig{
			TraceID: id, SpanID: trace.SpanID{1}, TraceFlags: trace.FlagsSampled, Remote: true,
		}))
	}
	if wanted.TimeoutMs > 0 {
		limited, cancel := context.WithTimeout(ctx, time.Duration(wanted.TimeoutMs)*time.Millisecond)
		defer cancel()
		ctx = limited
	}
	request := &testpb.SimpleRequest{ResponseSize: wanted.Size}
	if wanted.Code != 0 {
		request.ResponseStatus = &testpb.EchoStatus{Code: wanted.Code, Message: wanted.Message}
	}
	var header metadata.MD
	answer, err := stub.UnaryCall(ctx, request, grpc.Header(&header))
	return header, len(answer.GetPayload().GetBody()), err
}
