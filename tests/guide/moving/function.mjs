// A rejection: a replay compares the text of an error of this name. Cognito shows the text of every error.
export class Rejected extends Error {
  name = 'Rejected';
}

export const handler = async (event) => {
  if (event.triggerSource !== 'PreSignUp_AdminCreateUser') {
    const { email, email_verified: verified } = event.request.userAttributes;
    if (!email) throw new Rejected('an email address is required');
    if (!email.toLowerCase().endsWith('@example.com')) throw new Rejected('please sign up with your work address');
    if (event.triggerSource === 'PreSignUp_ExternalProvider' && verified !== 'true') {
      throw new Rejected("your identity provider hasn't verified this address");
    }
  }
  return event;
};
