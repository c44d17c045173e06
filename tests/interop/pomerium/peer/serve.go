// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/pomerium/pomerium/authorize"
	"github.com/pomerium/pomerium/config"
	"github.com/pomerium/pomerium/databroker"
	databrokerpb "github.com/pomerium/pomerium/pkg/grpc/databroker"
	"github.com/pomerium/pomerium/pkg/telemetry/trace"
	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
)

type options struct {
	config, grpc, grpcTLS, certificate, key, http string
}

func parseOptions(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.StringVar(&o.config, "config", "", "the proxy's configuration, read again when it changes")
	flags.StringVar(&o.grpc, "grpc", "", "address of the databroker")
	flags.StringVar(&o.grpcTLS, "grpc-tls", "", "address of the databroker over TLS")
	flags.StringVar(&o.certificate, "cert", "", "certificate of -grpc-tls")
	flags.StringVar(&o.key, "key", "", "key of -grpc-tls")
	flags.StringVar(&o.http, "http", "", "address that answers as the proxy would")
	return o, flags.Parse(args)
}

// serve runs until ctx ends. Nothing survives it: the databroker keeps its records in memory.
func serve(ctx context.Context, args []string) error {
	o, err := parseOptions(args)
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(o.grpc)
	if err != nil {
		return fmt.Errorf("-grpc: %w", err)
	}
	ctx = trace.NewContext(ctx, trace.NewSyncClient(nil))
	source, err := config.NewFileOrEnvironmentSource(ctx, o.config, "")
	if err != nil {
		return err
	}
	cfg := source.GetConfig()
	cfg.OutboundPort = port // where the authorize service looks for the databroker
	config.NewLogManager(ctx, source)

	broker := databroker.NewServer(trace.NewTracerProvider(ctx, "databroker"), cfg)
	defer broker.Stop()
	broker.OnConfigChange(ctx, cfg) // it has no storage before
	source.OnConfigChange(ctx, broker.OnConfigChange)
	grpcServer := grpc.NewServer()
	databrokerpb.RegisterDataBrokerServiceServer(grpcServer, broker)
	databrokerpb.RegisterCheckpointServiceServer(grpcServer, broker)

	service, err := authorize.New(ctx, cfg)
	if err != nil {
		return err
	}
	service.OnConfigChange(ctx, cfg)
	source.OnConfigChange(ctx, service.OnConfigChange)

	listener := only("/databroker.", grpcServer)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return service.Run(ctx) })
	group.Go(func() error { return listen(ctx, o.grpc, listener, o, false) })
	group.Go(func() error { return listen(ctx, o.grpcTLS, listener, o, true) })
	stand := &front{
		routes: func(context.Context) ([]*config.Policy, error) { return fileRoutes(source), nil },
		check:  service.Check,
	}
	group.Go(func() error { return listen(ctx, o.http, stand, o, false) })
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// only lets through what the proxy's own gRPC listener would route to the databroker.
func only(prefix string, server *grpc.Server) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, prefix) && r.Header.Get("Content-Type") == "application/grpc" {
			server.ServeHTTP(w, r)
		} else {
			http.NotFound(w, r)
		}
	})
}

func listen(ctx context.Context, address string, handler http.Handler, o options, secure bool) error {
	server := &http.Server{Addr: address, Handler: handler, Protocols: new(http.Protocols)}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetHTTP2(secure)
	server.Protocols.SetUnencryptedHTTP2(!secure)
	stop := context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if server.Shutdown(grace) != nil { // open streams
			_ = server.Close()
		}
	})
	defer stop()
	var err error
	if secure {
		err = server.ListenAndServeTLS(o.certificate, o.key)
	} else {
		err = server.ListenAndServe()
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
