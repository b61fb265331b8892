export class Rejected extends Error {
  name = 'Rejected';
}

export const handler = async (event) => {
  if (event.triggerSource !== 'PreSignUp_AdminCreateUser') {
    const email = event.request.userAttributes.email;
    if (!email) throw new Rejected('an email address is required');
    if (!email.toLowerCase().endsWith('@example.com')) throw new Rejected('please sign up with your work address');
  }
  return event;
};
