package dev.kantele.cluster.kill;

import dev.kantele.cluster.kill.KillPoint.When;
import dev.kantele.cluster.kill.KillPoint.Write;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.collection.Iterable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Ends a node's process at a {@link KillPoint}, as suddenly as {@code kill -9} does, by an agent of
 * the JVM: calls to this class are woven into what writes, and the node itself knows of no such
 * thing.
 */
public final class KillAgent {
  /** What {@code kill -9} leaves as the exit code of a process. */
  static final int KILLED = 137;

  /** What writes, by class and method; the first argument of each says what is written. */
  private static final Map<String, Map<String, Write>> WRITERS =
      Map.of(
          "dev/kantele/runtime/journal/SqliteJournalDao",
          Map.of("writeJournalRows", Write.ROWS, "delete", Write.DELETION),
          "dev/kantele/runtime/journal/SqliteSnapshotDao",
          Map.of("save", Write.SNAPSHOT));

  private static volatile @Nullable KillPoint point;

  /** Called by the JVM before {@code main}. */
  public static void premain(String argument, Instrumentation instrumentation) {
    point = KillPoint.parse(argument);
    instrumentation.addTransformer(new Weaver());
  }

  /** Writes the jar that makes this class an agent; the classes are on the process's class path. */
  static Path jar(Path folder) throws IOException {
    Path jar = folder.resolve("kill-agent.jar");
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", KillAgent.class.getName());
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
    return jar;
  }

  /** Called where a write begins. */
  public static void begins(Object written, String write) {
    if (isWanted(written, write, When.BEFORE)) {
      Runtime.getRuntime().halt(KILLED);
    }
  }

  /** Called where a write was begun, whose result comes later; returns that result. */
  public static Object begun(Object result, Object written, String write) {
    if (!isWanted(written, write, When.AFTER)) {
      return result;
    }
    return ((Future<?>) result)
        .map(
            done -> {
              Runtime.getRuntime().halt(KILLED);
              return done;
            },
            ExecutionContext.parasitic$.MODULE$);
  }

  private static boolean isWanted(Object written, String write, When when) {
    KillPoint wanted = point;
    return wanted != null
        && wanted.when() == when
        && wanted.write().name().equals(write)
        && switch (written) {
          case Iterable<?> rows -> hasRow(wanted, rows);
          case SnapshotMetadata snapshot -> wanted.isOf(snapshot.persistenceId());
          case String persistenceId -> wanted.isOf(persistenceId);
          default -> throw new IllegalArgumentException("written: " + written.getClass());
        };
  }

  private static boolean hasRow(KillPoint wanted, Iterable<?> rows) {
    for (Object each : CollectionConverters.asJava(rows)) {
      if (each instanceof Tuple2<?, ?> tuple
          && tuple._1() instanceof JournalPekkoSerializationRow row
          && wanted.isAt(row.persistenceId(), row.eventPayload())) {
        return true;
      }
    }
    return false;
  }

  private static final class Weaver implements ClassFileTransformer {
    @Override
    public byte @Nullable [] transform(
        @Nullable ClassLoader loader,
        @Nullable String name,
        @Nullable Class<?> redefined,
        @Nullable ProtectionDomain domain,
        byte[] bytes) {
      Map<String, Write> writers = name == null ? null : WRITERS.get(name);
      if (writers == null) {
        return null;
      }
      ClassTransform woven = ClassTransform.ACCEPT_ALL;
      for (Map.Entry<String, Write> writer : writers.entrySet()) {
        woven =
            woven.andThen(
                ClassTransform.transformingMethodBodies(
                    method -> method.methodName().equalsString(writer.getKey()),
                    new Calls(writer.getValue())));
      }
      ClassFile file = ClassFile.of();
      return file.transformClass(file.parse(bytes), woven);
    }
  }

  /** Calls to {@link #begins} at a method's begin, and to {@link #begun} at its ends. */
  private record Calls(Write write) implements CodeTransform {
    private static final ClassDesc AGENT = ClassDesc.of(KillAgent.class.getName());
    private static final ClassDesc OBJECT = ConstantDescs.CD_Object;

    @Override
    public void atStart(CodeBuilder code) {
      code.aload(1)
          .loadConstant(write.name())
          .invokestatic(
              AGENT,
              "begins",
              MethodTypeDesc.of(ConstantDescs.CD_void, OBJECT, ConstantDescs.CD_String));
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      if (element instanceof ReturnInstruction) {
        code.aload(1)
            .loadConstant(write.name())
            .invokestatic(
                AGENT, "begun", MethodTypeDesc.of(OBJECT, OBJECT, OBJECT, ConstantDescs.CD_String))
            .checkcast(ClassDesc.of(Future.class.getName()));
      }
      code.with(element);
    }
  }

  private KillAgent() {}
}
