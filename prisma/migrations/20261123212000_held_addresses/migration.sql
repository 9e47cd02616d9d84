-- Every segment leaves these few out, and would else read all gates to find them.
CREATE INDEX gate_held ON gate (address_key) WHERE restricted OR erased;
