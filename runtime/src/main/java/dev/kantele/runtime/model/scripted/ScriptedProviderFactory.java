package dev.kantele.runtime.model.scripted;

import com.typesafe.config.Config;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelProviderFactory;
import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.settings.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Makes the provider {@code scripted} of {@code kantele.models.scripted}. */
public final class ScriptedProviderFactory implements ModelProviderFactory {
  private static final String DEMO = "demo";
  private static final String SUFFIX = ".yaml";

  /** For {@link java.util.ServiceLoader}. */
  public ScriptedProviderFactory() {}

  @Override
  public ModelProvider create(Config kanteleConfig, Clock clock) {
    SettingsReader settings =
        SettingsReader.of(kanteleConfig, "kantele").block("models").block(ScriptedProvider.NAME);
    settings.requireKnown("scripts", "folder", "call-log", DEMO);
    settings.block(DEMO).requireKnown("every");
    Map<String, ScriptedModel> models = new TreeMap<>();
    models.put(DEMO, new DemoModel(settings.block(DEMO).duration("every", Duration.ZERO)));
    addScripts(settings.block("scripts"), models);
    addFolder(settings, models);
    var provider = ScriptedProvider.of(models);
    return callLog(settings, clock).map(provider::withCallLog).orElse(provider);
  }

  private static void addScripts(SettingsReader scripts, Map<String, ScriptedModel> models) {
    for (String name : scripts.keys()) {
      if (models.containsKey(name)) {
        throw scripts.invalid(name, "another name than that of the built-in model");
      }
      Path file =
          scripts
              .optionalPath(name)
              .filter(Files::isRegularFile)
              .orElseThrow(() -> scripts.invalid(name, "the path of a script file"));
      models.put(name, read(file));
    }
  }

  private static void addFolder(SettingsReader settings, Map<String, ScriptedModel> models) {
    Optional<Path> folder = settings.optionalPath("folder");
    if (folder.isEmpty()) {
      return;
    }
    for (Path file : scriptFiles(settings, folder.get())) {
      String fileName = file.getFileName().toString();
      String name = fileName.substring(0, fileName.length() - SUFFIX.length());
      if (models.putIfAbsent(name, read(file)) != null) {
        throw new SettingsException(
            file + ": there is a model '" + name + "' already (expected: another name)");
      }
    }
  }

  private static List<Path> scriptFiles(SettingsReader settings, Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    } catch (IOException _) {
      throw settings.invalid("folder", "a folder that can be read");
    }
  }

  private static Script read(Path file) {
    try {
      return Script.parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new SettingsException(file + ": can't be read (expected: a file in UTF-8)", e);
    }
  }

  private static Optional<CallLog> callLog(SettingsReader settings, Clock clock) {
    return settings
        .optionalPath("call-log")
        .map(
            file -> {
              try {
                return FileCallLog.open(file, clock);
              } catch (IOException _) {
                throw settings.invalid("call-log", "a file that can be written");
              }
            });
  }
}
