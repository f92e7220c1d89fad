/**
 * What the runtime relies on of the parts that others write, as JUnit tests to be inherited: {@link
 * dev.kantele.testkit.contract.ModelProviderContract}, {@link
 * dev.kantele.testkit.contract.ToolContract}. In real time, since such parts have threads and
 * sockets of their own.
 */
@NullMarked
package dev.kantele.testkit.contract;

import org.jspecify.annotations.NullMarked;
