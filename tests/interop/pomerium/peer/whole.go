// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"github.com/pomerium/pomerium/config"
	"github.com/pomerium/pomerium/pkg/cmd/pomerium"
	"github.com/pomerium/pomerium/pkg/envoy"
	configpb "github.com/pomerium/pomerium/pkg/grpc/config"
	databrokerpb "github.com/pomerium/pomerium/pkg/grpc/databroker"
	"github.com/pomerium/pomerium/pkg/grpcutil"
	"github.com/pomerium/pomerium/pkg/telemetry/trace"
	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// whole runs the proxy as its own command does, so that it also takes over the configuration records
// of its databroker. In Envoy's place it starts this program, which does nothing then.
func whole(ctx context.Context, args []string) error {
	o, err := parseOptions(args)
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(o.grpc)
	if err != nil {
		return fmt.Errorf("-grpc: %w", err)
	}
	if envoy.DebugLocalEnvoyPath, err = os.Executable(); err != nil {
		return err
	}
	ctx = trace.NewContext(ctx, trace.NewSyncClient(nil))
	source, err := config.NewFileOrEnvironmentSource(ctx, o.config, "")
	if err != nil {
		return err
	}
	cfg := source.GetConfig()
	cfg.OutboundPort, cfg.GRPCPort = port, port // its services look for each other there
	connection, err := grpc.NewClient(o.grpc, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	authorization := authv3.NewAuthorizationClient(connection)
	stand := &front{
		routes: func(ctx context.Context) ([]*config.Policy, error) {
			recorded, err := recordedRoutes(ctx, cfg, databrokerpb.NewDataBrokerServiceClient(connection))
			return append(fileRoutes(source), recorded...), err
		},
		check: func(ctx context.Context, q *authv3.CheckRequest) (*authv3.CheckResponse, error) {
			return authorization.Check(ctx, q)
		},
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return pomerium.Run(ctx, source) })
	group.Go(func() error { return listen(ctx, o.http, stand, o, false) })
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// recordedRoutes are those of the configuration records, for Envoy's part of the work: the proxy
// itself reads the records as it always does.
func recordedRoutes(
	ctx context.Context, cfg *config.Config, client databrokerpb.DataBrokerServiceClient,
) ([]*config.Policy, error) {
	key, err := cfg.Options.GetSharedKey()
	if err != nil {
		return nil, err
	}
	if ctx, err = grpcutil.WithSignedJWT(ctx, key); err != nil {
		return nil, err
	}
	stream, err := client.SyncLatest(ctx, &databrokerpb.SyncLatestRequest{
		Type: grpcutil.GetTypeURL(new(configpb.Config)),
	})
	if err != nil {
		return nil, err
	}
	var routes []*config.Policy
	for {
		response, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return routes, nil
		}
		if err != nil {
			return nil, err
		}
		if response.GetRecord() == nil || response.GetRecord().GetDeletedAt() != nil {
			continue
		}
		var record configpb.Config
		if err := response.GetRecord().GetData().UnmarshalTo(&record); err != nil {
			return nil, err
		}
		for _, wire := range record.GetRoutes() {
			route, err := config.NewPolicyFromProto(wire)
			if err != nil {
				return nil, err
			}
			if err := route.Validate(); err != nil {
				return nil, err
			}
			routes = append(routes, route)
		}
	}
}
