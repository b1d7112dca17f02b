/** Made by emoji_data.ts. */
declare module "virtual:emoji" {
  const text: string;
  export default text;
}
