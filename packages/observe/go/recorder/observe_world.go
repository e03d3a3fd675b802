package labgob

import (
	"fmt"
	"reflect"
	"strconv"
)

// Who is who: a world is one test's network, with its servers and their incarnations. Events of a world that has ended are not told: the
// goroutines of an earlier test live on in the same process.

type world struct {
	name      string
	begun     bool
	ended     bool
	servers   map[int]*observedServer    // by number
	byName    map[string]*observedServer // by the name that the network knows
	links     map[string]bool            // "S0 -> S1": up
	started   bool                       // some server has taken a command: logs need not be empty any more
	starting  int                        // calls of Start under way, which may be taking one
	emptyLog  int64                      // the index that an empty log has in the messages, where emptySet
	emptySet  bool
	dummy     int // how many elements an empty log has as it is saved, where dummySet: one that is no entry, or none
	dummySet  bool
	numbers   serviceNumbers
	group     string // where the first server of the observed cluster is, where grouped
	grouped   bool
	others    bool                   // there is another group of servers
	clients   map[interface{}]string // the name of each Clerk
	clientOps int64
}

// observedServer is one server of a test, through all of its incarnations.
type observedServer struct {
	world   *world
	name    string // as the log tells it
	me      int
	boot    int
	current *incarnation
	durable durableLog
}

type incarnation struct {
	server *observedServer
	boot   int
	dead   bool
}

// ObservedServer is the handle that labrpc keeps of a server on its network.
type ObservedServer struct{ inc *incarnation }

// observedEnd is one ClientEnd: who calls whom.
type observedEnd struct {
	world    *world
	endname  string
	toName   string // the server's name on the network
	inc      *incarnation
	to       string // the peer's name in the log
	idOfPeer int
}

var observeNow *world                            // the test that runs
var observeNets = map[interface{}]*world{}       // by *Network
var observeEnds = map[interface{}]*observedEnd{} // by *ClientEnd
var observeEndNames = map[string]*observedEnd{}  // by the end's name
var observePersisters = map[interface{}]*incarnation{}
var observeChannels = map[uintptr]*incarnation{} // by applyCh
var observeRafts = map[interface{}]*incarnation{}

// untouched says that no server has taken a command yet, so that every log is as empty as it was made.
func (w *world) untouched() bool { return !w.started && w.starting == 0 }

// ObserveTestBegin starts a new epoch.
func ObserveTestBegin(name string) {
	if !observing() {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	newWorld(name).beginTest()
}

func newWorld(name string) *world {
	if observeNow != nil {
		observeNow.ended = true
	}
	// What belongs to earlier tests is forgotten: their goroutines find nothing, and say nothing.
	observeNets = map[interface{}]*world{}
	observeEnds = map[interface{}]*observedEnd{}
	observeEndNames = map[string]*observedEnd{}
	observePersisters = map[interface{}]*incarnation{}
	observeChannels = map[uintptr]*incarnation{}
	observeRafts = map[interface{}]*incarnation{}
	observeCalls = map[int64]*call{}
	observeNow = &world{
		name:    name,
		servers: map[int]*observedServer{},
		byName:  map[string]*observedServer{},
		links:   map[string]bool{},
		clients: map[interface{}]string{},
	}
	return observeNow
}

func (w *world) beginTest() {
	w.begun = true
	begin("TEST", 0, "TestBegin").local("TEST").text("name", w.name).end()
}

// ObserveTestEnd is told by the tester's cleanup.
func ObserveTestEnd(name string, failed bool) {
	if !observing() {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	w := observeNow
	if w == nil || w.ended {
		return
	}
	w.ended = true
	outcome := "pass"
	if failed {
		outcome = "fail"
	}
	begin("TEST", 0, "TestEnd").local("TEST").text("name", name).text("outcome", outcome).end()
}

// ObserveNote tells what the tester says of itself.
func ObserveNote(what string, parts ...string) {
	if !observing() {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	if observeNow == nil || observeNow.ended {
		return
	}
	for _, part := range parts {
		what += ": " + part
	}
	note(what)
}

// ObserveNetwork is told by MakeNetwork.
func ObserveNetwork(network interface{}) {
	if !observing() {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	w := observeNow
	if w == nil || w.ended || len(observeNets) > 0 {
		// Nobody said that a test begins: its tester has another shape. The network begins it.
		w = newWorld("test")
		w.beginTest()
	}
	observeNets[network] = w
}

// ObserveEnd is told by MakeEnd.
func ObserveEnd(network, endname, end interface{}) {
	if !observing() {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	if w := observeNets[network]; w != nil && !w.ended {
		known := &observedEnd{world: w, endname: fmt.Sprint(endname)}
		observeEnds[end] = known
		observeEndNames[known.endname] = known
	}
}

// ObserveConnect is told by Connect: the end leads to that server.
func ObserveConnect(network, endname, servername interface{}) {
	if !observing() {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	if end := observeEndNames[fmt.Sprint(endname)]; end != nil {
		end.toName = fmt.Sprint(servername)
	}
}

// ObserveBoot is told by Make, before the new incarnation does anything.
//
// peers is a slice of *ClientEnd, me the place of this server in it, channel is applyCh.
func ObserveBoot(peers interface{}, me interface{}, persister interface{}, channel interface{}) interface{} {
	if !observing() {
		return nil
	}
	ends := reflect.ValueOf(peers)
	number, ok := integer(reflect.ValueOf(me))
	if ends.Kind() != reflect.Slice || !ok || number < 0 || int(number) >= ends.Len() {
		return nil
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	own := observeEnds[ends.Index(int(number)).Interface()]
	if own == nil || own.world.ended {
		return nil
	}
	if group := groupOf(ends); !own.world.isFirstGroup(group) {
		if !own.world.others {
			own.world.others = true
			note("there are several groups of servers: only the Raft of the first is observed")
		}
		return nil
	}
	server := own.world.serverOf(int(number), own.toName)
	server.boot++
	inc := &incarnation{server: server, boot: server.boot}
	server.current = inc
	voters := ""
	for i := 0; i < ends.Len(); i++ {
		name := serverName(i)
		if i > 0 {
			voters += ","
		}
		voters += name
		if end := observeEnds[ends.Index(i).Interface()]; end != nil {
			end.inc, end.to, end.idOfPeer = inc, name, i
		}
	}
	observePersisters[persister] = inc
	if ch := reflect.ValueOf(channel); ch.Kind() == reflect.Chan {
		observeChannels[ch.Pointer()] = inc
	}
	begin(server.name, inc.boot, "Boot").local(server.name).text("voters", voters).text("source", "observed").end()
	return inc
}

// ObserveRaft is told by Make when it returns: the methods of that Raft belong to the incarnation.
func ObserveRaft(raft interface{}, made interface{}) {
	inc, ok := made.(*incarnation)
	if !ok || inc == nil {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	observeRafts[raft] = inc
}

// groupOf tells groups of servers apart by where their first peer is: the tests of shardkv have several.
func groupOf(ends reflect.Value) string {
	if first := observeEnds[ends.Index(0).Interface()]; first != nil {
		return first.toName
	}
	return ""
}

// isFirstGroup says whether the servers are those of the first cluster of the test: a log tells of one.
func (w *world) isFirstGroup(group string) bool {
	if !w.grouped {
		w.grouped, w.group = true, group
	}
	return w.group == group
}

func (w *world) serverOf(me int, netName string) *observedServer {
	server := w.servers[me]
	if server == nil {
		server = &observedServer{world: w, me: me, name: serverName(me)}
		w.servers[me] = server
		w.byName[netName] = server
	}
	return server
}

// serverName is S0, S1 ... as the labs number them.
func serverName(me int) string { return "S" + strconv.Itoa(me) }

// ObserveAddServer is told by AddServer: what arrives there is for the newest incarnation.
func ObserveAddServer(network, servername interface{}) *ObservedServer {
	if !observing() {
		return nil
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	w := observeNets[network]
	if w == nil || w.ended {
		return nil
	}
	server := w.byName[fmt.Sprint(servername)]
	if server == nil || server.current == nil {
		return nil
	}
	return &ObservedServer{inc: server.current}
}

// ObserveEnable is told by Enable: a link goes up or down. A link is the pair of servers: a new incarnation finds it as it was.
func ObserveEnable(network, endname interface{}, enabled bool) {
	if !observing() {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	end := observeEndNames[fmt.Sprint(endname)]
	if end == nil || end.inc == nil || end.world.ended {
		return
	}
	from := end.inc.server
	// The ends of a dead incarnation lead nowhere, whatever is done to them, once there is a new one.
	if from.current != end.inc || from.name == end.to {
		return
	}
	link := from.name + " -> " + end.to
	up, known := end.world.links[link]
	if !known && !enabled {
		return // it was never up
	}
	end.world.links[link] = enabled
	switch {
	case known && up && !enabled:
		begin("TEST", 0, "Partition").local("TEST").text("groups", link).end()
	case known && !up && enabled:
		begin("TEST", 0, "Heal").local("TEST").text("groups", link).end()
	}
}

// ObserveFault is told by Reliable, LongReordering and LongDelays.
func ObserveFault(network interface{}, kind string, on bool) {
	if !observing() {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	w := observeNets[network]
	if w == nil || w.ended {
		return
	}
	detail := "off"
	if on {
		detail = "on"
	}
	begin("TEST", 0, "Fault").local("TEST").text("kind", kind).text("detail", detail).end()
}

// ObserveSuperseded is told by Persister.Copy, under its lock: what the old incarnation saves from now on is lost.
func ObserveSuperseded(persister interface{}) {
	if !observing() {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	inc := observePersisters[persister]
	if inc == nil || inc.dead || inc.server.world.ended {
		return
	}
	inc.dead = true
	begin("TEST", 0, "Crash").local("TEST").text("target", inc.server.name).end()
}
