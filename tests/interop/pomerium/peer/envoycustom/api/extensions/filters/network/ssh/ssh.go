// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Package ssh stands in for the messages with which Envoy's SSH filter talks to the authorize service.
// The peer answers HTTP only: nothing here ever travels, it only has to compile.
package ssh

import (
	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// message makes a struct a protobuf message, of no fields.
type message = emptypb.Empty

type (
	ClientMessage struct {
		message
		Message any
	}
	ClientMessage_Event         struct{ Event *StreamEvent }
	ClientMessage_AuthRequest   struct{ AuthRequest *AuthenticationRequest }
	ClientMessage_InfoResponse  struct{ InfoResponse *InfoResponse }
	ClientMessage_GlobalRequest struct{ GlobalRequest *GlobalRequest }

	ServerMessage struct {
		message
		Message any
	}
	ServerMessage_AuthResponse          struct{ AuthResponse *AuthenticationResponse }
	ServerMessage_GlobalRequestResponse struct{ GlobalRequestResponse *GlobalRequestResponse }
)

func (m *ClientMessage) GetEvent() *StreamEvent {
	event, _ := m.Message.(*ClientMessage_Event)
	if event == nil {
		return nil
	}
	return event.Event
}

type (
	StreamEvent struct {
		message
		Event any
	}
	StreamEvent_DownstreamConnected    struct{ DownstreamConnected *DownstreamConnectEvent }
	StreamEvent_UpstreamConnected      struct{}
	StreamEvent_DownstreamDisconnected struct{ DownstreamDisconnected *DownstreamDisconnectedEvent }
	StreamEvent_ChannelEvent           struct{ ChannelEvent *ChannelEvent }

	DownstreamConnectEvent struct {
		message
		StreamId      uint64
		SourceAddress *corev3.Address
	}
	DownstreamDisconnectedEvent struct {
		message
		Reason string
	}
)

func (e *StreamEvent) GetDownstreamConnected() *DownstreamConnectEvent {
	if e == nil {
		return nil
	}
	connected, _ := e.Event.(*StreamEvent_DownstreamConnected)
	if connected == nil {
		return nil
	}
	return connected.DownstreamConnected
}

type (
	ChannelEvent struct {
		message
		Event any
	}
	ChannelEvent_InternalChannelOpened struct{ InternalChannelOpened *InternalChannelOpenedEvent }
	ChannelEvent_InternalChannelClosed struct{ InternalChannelClosed *InternalChannelClosedEvent }
	ChannelEvent_ChannelStats          struct{ ChannelStats *ChannelStatsEvent }

	InternalChannelOpenedEvent struct {
		message
		ChannelId   uint32
		Hostname    string
		Path        string
		PeerAddress string
	}
	InternalChannelClosedEvent struct {
		message
		ChannelId   uint32
		Reason      string
		Stats       *ChannelStats
		Diagnostics []*Diagnostic
	}
	ChannelStatsEvent struct {
		message
		StatsList *ChannelStatsList
	}
	ChannelStatsList struct {
		message
		Items []*ChannelStats
	}
	ChannelStats struct {
		message
		ChannelId    uint32
		RxBytesTotal uint64
		TxBytesTotal uint64
		StartTime    *timestamppb.Timestamp
		EndTime      *timestamppb.Timestamp
	}
	Diagnostic struct {
		message
		Severity Diagnostic_Severity
		Message  string
		Hints    []string
	}
	Diagnostic_Severity int32
)

const (
	Diagnostic_Info Diagnostic_Severity = iota
	Diagnostic_Warning
	Diagnostic_Error
)

func (e *ChannelStatsEvent) GetStatsList() *ChannelStatsList { return e.StatsList }
func (l *ChannelStatsList) GetItems() []*ChannelStats        { return l.Items }
func (d *Diagnostic) GetMessage() string                     { return d.Message }

type (
	AuthenticationRequest struct {
		message
		Protocol      string
		Service       string
		AuthMethod    string
		Hostname      string
		Username      string
		MethodRequest *anypb.Any
	}
	AuthenticationResponse struct {
		message
		Response any
	}
	AuthenticationResponse_Allow       struct{ Allow *AllowResponse }
	AuthenticationResponse_Deny        struct{ Deny *DenyResponse }
	AuthenticationResponse_InfoRequest struct{ InfoRequest *InfoRequest }

	AllowResponse struct {
		message
		Username string
		Target   any
	}
	AllowResponse_Upstream struct{ Upstream *UpstreamTarget }
	AllowResponse_Internal struct{ Internal *InternalTarget }
	UpstreamTarget         struct {
		message
		Hostname       string
		DirectTcpip    bool
		AllowedMethods []*AllowedMethod
	}
	InternalTarget struct {
		message
		SetMetadata *corev3.Metadata
	}
	AllowedMethod struct {
		message
		Method     string
		MethodData *anypb.Any
	}
	DenyResponse struct {
		message
		Partial bool
		Methods []string
	}
	InfoRequest struct {
		message
		Method  string
		Request *anypb.Any
	}
	InfoResponse struct {
		message
		Method   string
		Response *anypb.Any
	}
)

type (
	PublicKeyMethodRequest struct {
		message
		PublicKey                  []byte
		PublicKeyFingerprintSha256 []byte
	}
	PublicKeyAllowResponse struct {
		message
		PublicKey   []byte
		Permissions *Permissions
	}
	Permissions struct {
		message
		PermitPortForwarding  bool
		PermitAgentForwarding bool
		PermitX11Forwarding   bool
		PermitPty             bool
		PermitUserRc          bool
		ValidStartTime        *timestamppb.Timestamp
		ValidEndTime          *timestamppb.Timestamp
	}
	KeyboardInteractiveMethodRequest       struct{ message }
	KeyboardInteractiveAllowResponse       struct{ message }
	KeyboardInteractiveInfoPromptResponses struct{ message }
	KeyboardInteractiveInfoPrompts         struct {
		message
		Name        string
		Instruction string
		Prompts     []*message
	}
)

type (
	GlobalRequest struct {
		message
		WantReply bool
		Request   any
	}
	GlobalRequest_TcpipForwardRequest       struct{ TcpipForwardRequest *TcpipForwardRequest }
	GlobalRequest_CancelTcpipForwardRequest struct{ CancelTcpipForwardRequest *TcpipForwardRequest }
	TcpipForwardRequest                     struct {
		message
		RemoteAddress string
		RemotePort    uint32
	}
	GlobalRequestResponse struct {
		message
		Success      bool
		DebugMessage string
		Response     any
	}
	GlobalRequestResponse_TcpipForwardResponse struct{ TcpipForwardResponse *TcpipForwardResponse }
	TcpipForwardResponse                       struct {
		message
		ServerPort uint32
	}
)

type (
	ChannelMessage struct {
		message
		Message any
	}
	ChannelMessage_RawBytes       struct{ RawBytes *wrapperspb.BytesValue }
	ChannelMessage_ChannelControl struct{ ChannelControl *ChannelControl }
	ChannelMessage_Metadata       struct{ Metadata *corev3.Metadata }
	ChannelControl                struct {
		message
		Protocol      string
		ControlAction *anypb.Any
	}
	SSHChannelControlAction struct {
		message
		Action any
	}
	SSHChannelControlAction_HandOff struct {
		HandOff *SSHChannelControlAction_HandOffUpstream
	}
	SSHChannelControlAction_HandOffUpstream struct {
		message
		DownstreamChannelInfo *SSHDownstreamChannelInfo
		DownstreamPtyInfo     *SSHDownstreamPTYInfo
		UpstreamAuth          *AllowResponse
	}
	SSHDownstreamChannelInfo struct {
		message
		ChannelType               string
		DownstreamChannelId       uint32
		InternalUpstreamChannelId uint32
		InitialWindowSize         uint32
		MaxPacketSize             uint32
	}
	SSHDownstreamPTYInfo struct {
		message
		TermEnv      string
		WidthColumns uint32
		HeightRows   uint32
		WidthPx      uint32
		HeightPx     uint32
		Modes        []byte
	}
)

func (m *ChannelMessage) GetMessage() any { return m.Message }

func (m *ChannelMessage) GetMetadata() *corev3.Metadata {
	metadata, _ := m.Message.(*ChannelMessage_Metadata)
	if metadata == nil {
		return nil
	}
	return metadata.Metadata
}

type (
	FilterMetadata struct {
		message
		StreamId  uint64
		ChannelId uint32
		ModeHint  InternalCLIModeHint
	}
	InternalCLIModeHint int32

	EndpointMetadata struct {
		message
		ServerPort        *ServerPort
		MatchedPermission *PortForwardPermission
	}
	ServerPort struct {
		message
		Value     uint32
		IsDynamic bool
	}
	PortForwardPermission struct {
		message
		RequestedHost string
		RequestedPort uint32
	}
	CodecConfig struct {
		message
		HostKeys    []*corev3.DataSource
		UserCaKey   *corev3.DataSource
		GrpcService *corev3.GrpcService
	}
	ReverseTunnelCluster struct {
		message
		Name      string
		EdsConfig *corev3.ConfigSource
	}
)

const (
	InternalCLIModeHint_MODE_DEFAULT InternalCLIModeHint = iota
	InternalCLIModeHint_MODE_TUNNEL_STATUS
)

func (m *FilterMetadata) GetStreamId() uint64 { return m.StreamId }

type (
	StreamManagement_ManageStreamServer = grpc.BidiStreamingServer[ClientMessage, ServerMessage]
	StreamManagement_ServeChannelServer = grpc.BidiStreamingServer[ChannelMessage, ChannelMessage]
)

// StreamManagementServer is what the authorize service offers to Envoy's SSH filter.
type StreamManagementServer interface {
	ManageStream(StreamManagement_ManageStreamServer) error
	ServeChannel(StreamManagement_ServeChannelServer) error
}

// RegisterStreamManagementServer offers nothing: no SSH client ever connects to the peer.
func RegisterStreamManagementServer(grpc.ServiceRegistrar, StreamManagementServer) {}
