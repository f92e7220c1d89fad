package dev.kantele.cluster.node;

/** A setting that can be given on the command line and by an environment variable. */
public enum NodeOption {
  /** The address to listen on. */
  HOST("kantele.http.host", "KANTELE_HOST"),
  /** The port to listen on; 0 for any that is free. */
  PORT("kantele.http.port", "KANTELE_PORT"),
  /** What carries the port: {@code auto}, {@code native} or {@code portable}. */
  TRANSPORT("kantele.transport", "KANTELE_TRANSPORT"),
  /** The file of the certificates for TLS. */
  TLS_CERTIFICATE("kantele.http.tls.certificate", "KANTELE_TLS_CERT"),
  /** The file of the key for TLS. */
  TLS_KEY("kantele.http.tls.key", "KANTELE_TLS_KEY"),
  /** The folder for everything that must survive the process. */
  DATA("kantele.data", "KANTELE_DATA"),
  /** The model of agents that name none, as {@code provider/name}. */
  MODEL("kantele.model", "KANTELE_MODEL"),
  /** Where the journal is kept: {@code memory} or {@code sqlite}. */
  JOURNAL("kantele.journal.kind", "KANTELE_JOURNAL"),
  /** Hashes of the tokens that clients may have, with commas between. */
  TOKENS("kantele.security.tokens", "KANTELE_TOKENS"),
  /** The file with more of them. */
  TOKENS_FILE("kantele.security.tokens-file", "KANTELE_TOKENS_FILE");

  /** The environment variable that names the configuration file. */
  static final String CONFIG_VARIABLE = "KANTELE_CONFIG";

  private final String key;
  private final String variable;

  NodeOption(String key, String variable) {
    this.key = key;
    this.variable = variable;
  }

  /** The key in the configuration. */
  public String key() {
    return key;
  }

  /** The environment variable. */
  public String variable() {
    return variable;
  }
}
