// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Command peer is what the interop tests push to: the databroker and the authorize service of a real
// proxy release, and in Envoy's place a plain HTTP listener that asks the latter for every request. Its
// "decide" runs rule modules by the engine of that release, without any server.
//
//	peer serve -config config.yaml -grpc 127.0.0.1:P -grpc-tls 127.0.0.1:Q -cert F -key F -http 127.0.0.1:R
//	peer whole -config config.yaml -grpc 127.0.0.1:P -http 127.0.0.1:R
//	peer decide < questions
//	peer records -address 127.0.0.1:P -secret-file F put|list TYPE|get TYPE ID|version|since VERSION
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) > 1 && strings.HasPrefix(os.Args[1], "-") { // started in Envoy's place
		<-ctx.Done()
		return
	}
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "serve":
			return serve(ctx, args[1:])
		case "records":
			return records(ctx, args[1:])
		case "whole":
			return whole(ctx, args[1:])
		case "decide":
			return decideLines(ctx)
		}
	}
	return fmt.Errorf("usage: peer serve|whole|records|decide [OPTIONS]")
}
