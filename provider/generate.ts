/**
 * Generates typed bindings for the resources in `schema.json` into `provider/src`.
 *
 * The provider has more than 1,300 resources and was never published as a prebuilt package; we generate the few that
 * log pipelines need. `schema.json` has the format of `terraform providers schema -json`, reduced to those resources.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

// Otherwise the generator reports its use to HashiCorp when it is loaded.
process.env.CHECKPOINT_DISABLE = "1";
// It asks Terraform for its version, which prints a red warning if the settings file does not exist.
if (!existsSync(process.env.TF_CLI_CONFIG_FILE ?? "")) delete process.env.TF_CLI_CONFIG_FILE;

/** Source and version constraint in every plan; `tencentcloud_scf_trigger` exists since 1.83.16. */
export const CONSTRAINT = "tencentcloudstack/tencentcloud@>= 1.83.16, < 2.0.0";

/** Writes the bindings into `outputFolder`, replacing its content. The same schema gives the same bytes. */
export async function generate(outputFolder: string): Promise<void> {
  const { CodeMaker, TerraformProviderGenerator } = await import("@cdktf/provider-generator");
  const { ConstructsMakerProviderTarget, LANGUAGES, TerraformProviderConstraint } = await import("@cdktf/commons");

  const schema = JSON.parse(readFileSync(join(__dirname, "schema.json"), "utf8"));
  // Bindings that know the exact version of their schema write that into plans instead of the constraint.
  delete schema.provider_versions;
  const generator = new TerraformProviderGenerator(new CodeMaker(), schema);
  generator.generate(new ConstructsMakerProviderTarget(new TerraformProviderConstraint(CONSTRAINT), LANGUAGES[0]));

  rmSync(outputFolder, { recursive: true, force: true });
  mkdirSync(outputFolder, { recursive: true });
  await generator.save(outputFolder);
}

if (require.main === module) {
  const output = process.argv[2] ?? join(__dirname, "src");
  generate(output).catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
