"""How fast the proxy is: latency, throughput, streams, whole chats and memory, each beside the direct connection."""
