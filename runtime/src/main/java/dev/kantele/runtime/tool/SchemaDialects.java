package dev.kantele.runtime.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.AnnotationKeyword;
import com.networknt.schema.path.PathType;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How schemas are read: draft 2020-12, or the older draft that a schema names in {@code $schema}.
 * Nothing is fetched: a {@code $ref} may point into the schema itself or to a published draft,
 * which is part of the library.
 */
final class SchemaDialects {
  private static final String DEFAULT = Dialects.getDraft202012().getId();

  private static final Pattern PUBLISHED =
      Pattern.compile(
          "https://json-schema\\.org/draft/20(20-12|19-09)/(schema|meta/[a-z-]+)#?"
              + "|http://json-schema\\.org/draft-0[467]/schema#?");

  /** Those of tools. Nothing is cached, so that one tool's {@code $id} can't shadow another's. */
  private static final SchemaRegistry TOOLS =
      SchemaRegistry.withDialects(
          List.of(
              withoutUnknownKeywords(Dialects.getDraft202012()),
              withoutUnknownKeywords(Dialects.getDraft201909()),
              withoutUnknownKeywords(Dialects.getDraft7()),
              withoutUnknownKeywords(Dialects.getDraft6()),
              withoutUnknownKeywords(Dialects.getDraft4())),
          registry ->
              registry
                  .defaultDialectId(DEFAULT)
                  .schemaCacheEnabled(false)
                  .schemaLoader(loader -> loader.allow(iri -> isPublishedDraft(iri.toString())))
                  .schemaRegistryConfig(config().preloadSchema(true).build()));

  /** The drafts' own schemas, which tell whether a tool's schema is one. */
  private static final SchemaRegistry DRAFTS =
      SchemaRegistry.withDialects(
          List.of(
              Dialects.getDraft202012(),
              Dialects.getDraft201909(),
              Dialects.getDraft7(),
              Dialects.getDraft6(),
              Dialects.getDraft4()),
          registry ->
              registry
                  .defaultDialectId(DEFAULT)
                  .schemaLoader(loader -> loader.allow(iri -> isPublishedDraft(iri.toString())))
                  .schemaRegistryConfig(config().formatAssertionsEnabled(true).build()));

  /** Compiles a tool's schema. */
  static Schema compile(JsonNode schema) {
    Schema compiled = TOOLS.getSchema(schema);
    compiled.initializeValidators();
    return compiled;
  }

  /** The schema that {@code schema} must pass itself. */
  static Schema draftOf(JsonNode schema) {
    return DRAFTS.getSchema(SchemaLocation.of(schema.path("$schema").asText(DEFAULT)));
  }

  private static SchemaRegistryConfig.Builder config() {
    return SchemaRegistryConfig.builder()
        .locale(Locale.ROOT)
        .pathType(PathType.JSON_POINTER)
        .regularExpressionFactory(BoundedPattern::new);
  }

  /** The library's own way logs every unknown keyword and remembers it for good. */
  private static Dialect withoutUnknownKeywords(Dialect dialect) {
    return Dialect.builder(dialect)
        .unknownKeywordFactory((keyword, _) -> new AnnotationKeyword(keyword))
        .build();
  }

  /** Whether {@code iri} is one of the drafts that the library holds, or a part of one. */
  static boolean isPublishedDraft(String iri) {
    return PUBLISHED.matcher(iri).matches();
  }

  private SchemaDialects() {}
}
