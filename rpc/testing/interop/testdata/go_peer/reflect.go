package main

import (
	"context"
	"encoding/json"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	v1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	v1alpha "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

// known is what one version of reflection told.
type known struct {
	Services []string `json:"services"`
	// Messages of the file that defines the test service.
	Messages []string `json:"messages"`
	// Code of the answer to a symbol that there is not.
	Missing int32 `json:"missing"`
}

const testService = "grpc.testing.TestService"

func reflect(args []string) error {
	conn, err := grpc.NewClient(args[0], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	new1, err := reflectV1(ctx, conn)
	if err != nil {
		return err
	}
	old, err := reflectV1alpha(ctx, conn)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]known{"v1": new1, "v1alpha": old})
}

func reflectV1(ctx context.Context, conn *grpc.ClientConn) (all known, err error) {
	stream, err := v1.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
	if err != nil {
		return all, err
	}
	ask := func(request *v1.ServerReflectionRequest) (*v1.ServerReflectionResponse, error) {
		if err := stream.Send(request); err != nil {
			return nil, err
		}
		return stream.Recv()
	}
	answer, err := ask(&v1.ServerReflectionRequest{
		MessageRequest: &v1.ServerReflectionRequest_ListServices{ListServices: "*"}})
	if err != nil {
		return all, err
	}
	for _, service := range answer.GetListServicesResponse().GetService() {
		all.Services = append(all.Services, service.GetName())
	}
	answer, err = ask(&v1.ServerReflectionRequest{
		MessageRequest: &v1.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: testService}})
	if err != nil {
		return all, err
	}
	all.Messages, err = messagesOf(answer.GetFileDescriptorResponse().GetFileDescriptorProto())
	if err != nil {
		return all, err
	}
	answer, err = ask(&v1.ServerReflectionRequest{
		MessageRequest: &v1.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: "a.B"}})
	all.Missing = answer.GetErrorResponse().GetErrorCode()
	return all, err
}

func reflectV1alpha(ctx context.Context, conn *grpc.ClientConn) (all known, err error) {
	stream, err := v1alpha.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
	if err != nil {
		return all, err
	}
	ask := func(request *v1alpha.ServerReflectionRequest) (*v1alpha.ServerReflectionResponse, error) {
		if err := stream.Send(request); err != nil {
			return nil, err
		}
		return stream.Recv()
	}
	answer, err := ask(&v1alpha.ServerReflectionRequest{
		MessageRequest: &v1alpha.ServerReflectionRequest_ListServices{ListServices: "*"}})
	if err != nil {
		return all, err
	}
	for _, service := range answer.GetListServicesResponse().GetService() {
		all.Services = append(all.Services, service.GetName())
	}
	answer, err = ask(&v1alpha.ServerReflectionRequest{
		MessageRequest: &v1alpha.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: testService}})
	if err != nil {
		return all, err
	}
	all.Messages, err = messagesOf(answer.GetFileDescriptorResponse().GetFileDescriptorProto())
	if err != nil {
		return all, err
	}
	answer, err = ask(&v1alpha.ServerReflectionRequest{
		MessageRequest: &v1alpha.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: "a.B"}})
	all.Missing = answer.GetErrorResponse().GetErrorCode()
	return all, err
}

func messagesOf(files [][]byte) (names []string, err error) {
	for _, bytes := range files {
		var file descriptorpb.FileDescriptorProto
		if err := proto.Unmarshal(bytes, &file); err != nil {
			return nil, err
		}
		for _, message := range file.GetMessageType() {
			names = append(names, message.GetName())
		}
	}
	return names, nil
}
