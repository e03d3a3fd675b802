// Package labrpc is a network of one process that loses, delays and cuts. It is shaped like the labs' package of that name, in words of our
// own.
package labrpc

import (
	"bytes"
	"math/rand"
	"reflect"
	"strings"
	"sync"
	"time"

	"raftlens.test/lab/labgob"
)

type reqMsg struct {
	endname  interface{}
	svcMeth  string
	argsType reflect.Type
	args     []byte
	replyCh  chan replyMsg
}

type replyMsg struct {
	ok    bool
	reply []byte
}

type ClientEnd struct {
	endname interface{}
	network *Network
}

// Call sends a request and waits: false where it or its reply was lost.
func (e *ClientEnd) Call(svcMeth string, args interface{}, reply interface{}) bool {
	req := reqMsg{endname: e.endname, svcMeth: svcMeth, argsType: reflect.TypeOf(args), replyCh: make(chan replyMsg, 1)}
	var encoded bytes.Buffer
	if err := labgob.NewEncoder(&encoded).Encode(args); err != nil {
		panic(err)
	}
	req.args = encoded.Bytes()
	go e.network.deliver(req)
	rep := <-req.replyCh
	if !rep.ok {
		return false
	}
	if err := labgob.NewDecoder(bytes.NewReader(rep.reply)).Decode(reply); err != nil {
		panic(err)
	}
	return true
}

type Network struct {
	mu             sync.Mutex
	reliable       bool
	longDelays     bool
	longReordering bool
	closed         bool
	enabled        map[interface{}]bool
	connections    map[interface{}]interface{}
	servers        map[interface{}]*Server
}

func MakeNetwork() *Network {
	return &Network{
		reliable:    true,
		enabled:     map[interface{}]bool{},
		connections: map[interface{}]interface{}{},
		servers:     map[interface{}]*Server{},
	}
}

func (rn *Network) set(change func()) {
	rn.mu.Lock()
	defer rn.mu.Unlock()
	change()
}

func (rn *Network) Cleanup() { rn.set(func() { rn.closed = true }) }

func (rn *Network) Reliable(yes bool) { rn.set(func() { rn.reliable = yes }) }

func (rn *Network) LongReordering(yes bool) { rn.set(func() { rn.longReordering = yes }) }

func (rn *Network) LongDelays(yes bool) { rn.set(func() { rn.longDelays = yes }) }

func (rn *Network) MakeEnd(endname interface{}) *ClientEnd { return &ClientEnd{endname, rn} }

func (rn *Network) Connect(endname interface{}, servername interface{}) {
	rn.set(func() { rn.connections[endname] = servername })
}

func (rn *Network) Enable(endname interface{}, enabled bool) {
	rn.set(func() { rn.enabled[endname] = enabled })
}

func (rn *Network) AddServer(servername interface{}, rs *Server) {
	rn.set(func() { rn.servers[servername] = rs })
}

func (rn *Network) DeleteServer(servername interface{}) {
	rn.set(func() { delete(rn.servers, servername) })
}

// reached gives the server that the end leads to now; nil where it leads nowhere.
func (rn *Network) reached(endname interface{}) (server *Server, reliable, reordering bool) {
	rn.mu.Lock()
	defer rn.mu.Unlock()
	if rn.enabled[endname] && !rn.closed {
		server = rn.servers[rn.connections[endname]]
	}
	return server, rn.reliable, rn.longReordering
}

func (rn *Network) deliver(req reqMsg) {
	server, reliable, reordering := rn.reached(req.endname)
	if server == nil {
		time.Sleep(time.Duration(rand.Intn(40)) * time.Millisecond)
		req.replyCh <- replyMsg{false, nil}
		return
	}
	if !reliable {
		time.Sleep(time.Duration(rand.Intn(10)) * time.Millisecond)
		if rand.Intn(10) == 0 {
			req.replyCh <- replyMsg{false, nil}
			return
		}
	}
	answered := make(chan replyMsg, 1)
	go func() { answered <- server.dispatch(req) }()
	for {
		select {
		case reply := <-answered:
			rn.giveBack(req, reply, server, reliable, reordering)
			return
		case <-time.After(50 * time.Millisecond):
			if now, _, _ := rn.reached(req.endname); now != server {
				req.replyCh <- replyMsg{false, nil}
				return
			}
		}
	}
}

// giveBack lets the reply travel: a server that was killed in the meantime has not answered.
func (rn *Network) giveBack(req reqMsg, reply replyMsg, server *Server, reliable, reordering bool) {
	if now, _, _ := rn.reached(req.endname); now != server || (!reliable && rand.Intn(10) == 0) {
		reply = replyMsg{false, nil}
	} else if reordering && rand.Intn(3) > 0 {
		time.Sleep(time.Duration(20+rand.Intn(1+rand.Intn(300))) * time.Millisecond)
	}
	req.replyCh <- reply
}

type Server struct {
	mu       sync.Mutex
	services map[string]*Service
}

func MakeServer() *Server { return &Server{services: map[string]*Service{}} }

func (rs *Server) AddService(svc *Service) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.services[svc.name] = svc
}

func (rs *Server) dispatch(req reqMsg) replyMsg {
	dot := strings.LastIndex(req.svcMeth, ".")
	rs.mu.Lock()
	service := rs.services[req.svcMeth[:dot]]
	rs.mu.Unlock()
	return service.dispatch(req.svcMeth[dot+1:], req)
}

type Service struct {
	name  string
	value reflect.Value
}

func MakeService(rcvr interface{}) *Service {
	value := reflect.ValueOf(rcvr)
	return &Service{name: reflect.Indirect(value).Type().Name(), value: value}
}

func (svc *Service) dispatch(methname string, req reqMsg) replyMsg {
	args := reflect.New(req.argsType)
	if err := labgob.NewDecoder(bytes.NewReader(req.args)).Decode(args.Interface()); err != nil {
		panic(err)
	}
	method := svc.value.MethodByName(methname)
	replyv := reflect.New(method.Type().In(1).Elem())
	method.Call([]reflect.Value{args.Elem(), replyv})
	var encoded bytes.Buffer
	labgob.NewEncoder(&encoded).EncodeValue(replyv)
	return replyMsg{true, encoded.Bytes()}
}
