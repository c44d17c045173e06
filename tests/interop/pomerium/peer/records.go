// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	databrokerpb "github.com/pomerium/pomerium/pkg/grpc/databroker"
	_ "github.com/pomerium/pomerium/pkg/grpc/device"
	_ "github.com/pomerium/pomerium/pkg/grpc/session"
	_ "github.com/pomerium/pomerium/pkg/grpc/user"
	"github.com/pomerium/pomerium/pkg/grpcutil"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
)

const (
	callLimit = 30 * time.Second
	lineLimit = 4 << 20
)

// records is the proxy's own client for a script: databroker.Record as JSON, one a line.
func records(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("records", flag.ContinueOnError)
	address := flags.String("address", "", "address of the databroker")
	secretFile := flags.String("secret-file", "", "file with the shared secret")
	if err := flags.Parse(args); err != nil {
		return err
	}
	secret, err := readSecret(*secretFile)
	if err != nil {
		return err
	}
	connection, err := grpc.NewClient(*address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	if ctx, err = grpcutil.WithSignedJWT(ctx, secret); err != nil {
		return err
	}
	client := databrokerpb.NewDataBrokerServiceClient(connection)
	switch command := flags.Args(); {
	case len(command) == 1 && command[0] == "put":
		return put(ctx, client, os.Stdin)
	case len(command) == 2 && command[0] == "list":
		return list(ctx, client, command[1])
	case len(command) == 3 && command[0] == "get":
		return get(ctx, client, command[1], command[2])
	case len(command) == 1 && command[0] == "version":
		return version(ctx, client)
	case len(command) == 2 && command[0] == "since":
		return since(ctx, client, command[1])
	}
	return errors.New("usage: peer records [OPTIONS] put|list TYPE|get TYPE ID|version|since VERSION")
}

func readSecret(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(string(bytes.TrimSpace(text)))
}

func put(ctx context.Context, client databrokerpb.DataBrokerServiceClient, in io.Reader) error {
	request := new(databrokerpb.PutRequest)
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, lineLimit)
	for lines.Scan() {
		record := new(databrokerpb.Record)
		if err := protojson.Unmarshal(lines.Bytes(), record); err != nil {
			return err
		}
		request.Records = append(request.Records, record)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	_, err := client.Put(ctx, request)
	return err
}

func list(ctx context.Context, client databrokerpb.DataBrokerServiceClient, recordType string) error {
	stream, err := client.SyncLatest(ctx, &databrokerpb.SyncLatestRequest{Type: recordType})
	if err != nil {
		return err
	}
	return showAll(func() (*databrokerpb.Record, error) {
		response, err := stream.Recv()
		return response.GetRecord(), err
	})
}

func get(ctx context.Context, client databrokerpb.DataBrokerServiceClient, recordType, id string) error {
	response, err := client.Get(ctx, &databrokerpb.GetRequest{Type: recordType, Id: id})
	if err != nil {
		return err
	}
	return show(response.GetRecord())
}

// version prints that of the newest change of any record.
func version(ctx context.Context, client databrokerpb.DataBrokerServiceClient) error {
	info, err := client.ServerInfo(ctx, new(emptypb.Empty))
	if err != nil {
		return err
	}
	fmt.Println(info.GetLatestRecordVersion())
	return nil
}

// since prints what changed after that version, deletions included.
func since(ctx context.Context, client databrokerpb.DataBrokerServiceClient, recordVersion string) error {
	from, err := strconv.ParseUint(recordVersion, 10, 64)
	if err != nil {
		return err
	}
	info, err := client.ServerInfo(ctx, new(emptypb.Empty))
	if err != nil {
		return err
	}
	stream, err := client.Sync(ctx, &databrokerpb.SyncRequest{
		ServerVersion: info.GetServerVersion(),
		RecordVersion: from,
		Wait:          proto.Bool(false),
	})
	if err != nil {
		return err
	}
	return showAll(func() (*databrokerpb.Record, error) {
		response, err := stream.Recv()
		return response.GetRecord(), err
	})
}

// showAll shows what next gives until the end of its stream; nil is no record.
func showAll(next func() (*databrokerpb.Record, error)) error {
	for {
		record, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if record == nil {
			continue
		}
		if err := show(record); err != nil {
			return err
		}
	}
}

func show(record *databrokerpb.Record) error {
	text, err := protojson.Marshal(record)
	if err != nil {
		return err
	}
	fmt.Println(string(text))
	return nil
}
