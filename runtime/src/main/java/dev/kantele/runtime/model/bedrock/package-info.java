/**
 * The provider {@code bedrock}: the models of Amazon Bedrock, by ConverseStream of the AWS SDK for
 * Java, which is an optional dependency. Start at {@link
 * dev.kantele.runtime.model.bedrock.BedrockProvider}. The wire is described at <a
 * href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html">docs.aws.amazon.com</a>.
 */
@NullMarked
package dev.kantele.runtime.model.bedrock;

import org.jspecify.annotations.NullMarked;
